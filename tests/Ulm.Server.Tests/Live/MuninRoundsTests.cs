using Ulm.Dsl.Policies;
using Ulm.Munin.Tests;
using Ulm.Server.Configuration;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

/// <summary>Against Debian's munin-node with a plugin that takes its time.</summary>
public class MuninRoundsTests
{
    private static readonly Dictionary<string, string> Own = new()
    {
        ["slow"] = "[ \"$1\" = config ] && { echo a.label a; exit 0; }\nsleep 3\necho a.value 7\n",
    };

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_plugin_keeps_nobody_from_knowing_how_loaded_the_host_is_and_its_own_answer_comes_later()
    {
        await using var real = await RealMuninNode.StartAsync(["cpu", "memory", "load"], Own);
        await using var host = Host(real.Port);
        var slow = PolicyAttribute.Munin(SubjectKind.Host, "slow.a");
        var reads = new HashSet<PolicyAttribute> { PolicyAttribute.HostMemory, PolicyAttribute.HostLoad, slow, PolicyAttribute.VmCpu };
        var rounds = new MuninRounds(new Dictionary<string, ManagedHost> { ["h1"] = host }, TimeProvider.System, TimeSpan.FromSeconds(1));
        await rounds.AskAsync(["h1"], reads, _ct);   // in which connections are made, and everybody is waited for longer

        var (asked, withoutSlow) = (0, 0);
        MuninRound round;
        do
        {
            round = await rounds.AskAsync(["h1"], reads, _ct);
            asked++;
            Assert.True(HostFigures.Of(PolicyAttribute.HostMemory, 1, round.AnswerFor(PolicyAttribute.HostMemory, "h1")!)!.Value.IsKnown);
            if (round.AnswerFor(slow, "h1") is null) withoutSlow++;
            Assert.InRange(asked, 1, 10_000);
        }
        while (withoutSlow == 0 || round.AnswerFor(slow, "h1") is null);
        Assert.Equal(7, HostFigures.Of(slow, 1, round.AnswerFor(slow, "h1")!)!.Value.Value);
    }

    [Fact]
    public async Task Nothing_is_asked_over_the_second_connection_where_nothing_reads_it()
    {
        await using var real = await RealMuninNode.StartAsync(["cpu", "memory", "load"], Own);
        await using var host = Host(real.Port);
        var rounds = new MuninRounds(new Dictionary<string, ManagedHost> { ["h1"] = host }, TimeProvider.System, TimeSpan.FromSeconds(20));
        var round = await rounds.AskAsync(["h1"], new HashSet<PolicyAttribute> { PolicyAttribute.HostCpu, PolicyAttribute.HostVms }, _ct);
        Assert.Empty(round.Others);
        Assert.Empty(rounds.FaultsOf("h1", round));
    }

    [Fact]
    public async Task What_a_node_lacks_goes_on_being_told_while_it_is_silent()
    {
        await using var real = await RealMuninNode.StartAsync(["cpu", "memory", "load"], Own);
        await using var host = Host(real.Port);
        var reads = new HashSet<PolicyAttribute> { PolicyAttribute.HostLoad, PolicyAttribute.Munin(SubjectKind.Host, "sensors_fan.fan1") };
        var rounds = new MuninRounds(new Dictionary<string, ManagedHost> { ["h1"] = host }, TimeProvider.System, TimeSpan.FromSeconds(20));
        const string Lacks = "h1's munin-node has no plugin `sensors_fan`; host.munin[\"sensors_fan.fan1\"] is unknown there";
        Assert.Equal([Lacks], rounds.FaultsOf("h1", await rounds.AskAsync(["h1"], reads, _ct)).Select(f => f.Text));
        await real.KillAsync();
        var faults = rounds.FaultsOf("h1", await rounds.AskAsync(["h1"], reads, _ct)).ToList();
        Assert.Equal(["h1 munin", "h1 host.munin[\"sensors_fan.fan1\"]"], faults.Select(f => f.Source));
        Assert.Equal(Lacks, faults[1].Text);
    }

    [Fact]
    public async Task The_fields_of_all_nodes_are_listed_and_a_node_that_is_gone_has_none()
    {
        await using var real = await RealMuninNode.StartAsync(["load"], Own);
        await using var host = Host(real.Port);
        Assert.Equal(["load.load", "slow.a"], await MuninFieldList.OfAsync([host, host], TimeProvider.System, _ct));
        await real.KillAsync();
        Assert.Empty(await MuninFieldList.OfAsync([host], TimeProvider.System, _ct));
    }

    private static ManagedHost Host(int port) => new(
        new HostConfig { Name = "h1", Cluster = "default", LibvirtUri = "test:///default", MigrationUri = "test:///default", MuninHost = "127.0.0.1", MuninPort = port },
        TimeSpan.FromSeconds(10), TimeProvider.System);
}
