using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Libvirt;
using Ulm.Server.Configuration;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

public class SiteAssemblerTests
{
    private static readonly Guid A = new("aaaaaaaa-0000-0000-0000-000000000001");
    private static readonly Guid AlsoA = new("aaaaaaaa-0000-0000-0000-000000000002");
    private static readonly Guid B = new("bbbbbbbb-0000-0000-0000-000000000003");
    private static readonly Guid C = new("cccccccc-0000-0000-0000-000000000004");

    [Fact]
    public async Task All_guests_of_one_name_are_renamed_and_left_alone()
    {
        var (site, faults) = await AssembleAsync(("web", A), ("web", B), ("db", C));
        Assert.Equal(["db", "web~aaaaaaaa", "web~bbbbbbbb"], site.Vms.Select(v => v.Name));
        Assert.All(site.Vms.Where(v => v.Name != "db"), v => Assert.Equal("another VM has the same name", v.NotMigratableBecause));
        Assert.Contains("web~aaaaaaaa on h1 and web~bbbbbbbb on h1", Assert.Single(faults).Text);
    }

    [Fact]
    public async Task No_name_clashes_with_one_that_was_made()
    {
        var (site, _) = await AssembleAsync(("web", A), ("web", AlsoA), ("web~aaaaaaaa", B), ("web~aaaaaaaa~2", C));
        Assert.Equal(["web~aaaaaaaa", "web~aaaaaaaa~2", "web~aaaaaaaa~3", "web~aaaaaaaa~4"], site.Vms.Select(v => v.Name));
        Assert.Equal("web~aaaaaaaa", site.Vms.Single(v => v.Id == B).Name);
    }

    [Fact]
    public async Task A_host_whose_cpus_begin_to_count_anew_was_booted_meanwhile_also_where_it_was_not_seen_to_go()
    {
        await using var host = TheHost();
        var assembler = new SiteAssembler(new GuestDefinitions([]), new CpuJudge(), new DirtyRates());

        Assert.Equal([false, false, false, false, true, false, false], new[] { Seen(100), Seen(160), Seen(155), Silent(), Seen(30), Seen(90), Seen(null) });

        bool Seen(long? cpuTime) => Look(new HypervisorPoll(null, null, [], null) { HostCpuTimeNs = cpuTime });
        bool Silent() => Look(HypervisorPoll.Failed("no route to host"));
        bool Look(HypervisorPoll poll)
        {
            assembler.Assemble([host], new Dictionary<string, HypervisorPoll> { ["h1"] = poll }, new Dictionary<string, PowerState>(), TimeSpan.FromSeconds(2), ImmutableArray.CreateBuilder<ObservedFault>());
            return assembler.Restarted.Contains("h1");
        }
    }

    [Fact]
    public async Task How_long_a_host_has_been_up_is_what_its_cpus_counted_shared_among_them()
    {
        await using var host = TheHost();
        var assembler = new SiteAssembler(new GuestDefinitions([]), new CpuJudge(), new DirtyRates());
        var info = new HostInfo("h1", "QEMU", "x86_64", 4, 1L << 30, 2400, 1, 1, 4, 1, new Version(10, 0), new Version(8, 2));

        Assert.Equal([TimeSpan.FromMinutes(10), null, null], new[] { Seen(info, 4L * 600 * 1_000_000_000), Seen(info, null), Seen(null, 4L * 660 * 1_000_000_000) });

        TimeSpan? Seen(HostInfo? known, long? cpuTime)
        {
            var polls = new Dictionary<string, HypervisorPoll> { ["h1"] = new(known, null, [], null) { HostCpuTimeNs = cpuTime } };
            assembler.Assemble([host], polls, new Dictionary<string, PowerState>(), TimeSpan.FromSeconds(2), ImmutableArray.CreateBuilder<ObservedFault>());
            return assembler.Uptimes.TryGetValue("h1", out var up) ? up : null;
        }
    }

    private static ManagedHost TheHost() => new(
        new HostConfig { Name = "h1", Cluster = "default", LibvirtUri = "test:///default", MigrationUri = "test:///default", MuninHost = "h1", MuninPort = 4949 }, TimeSpan.FromSeconds(60), TimeProvider.System);

    private static async Task<(Site Site, ImmutableArray<ObservedFault> Faults)> AssembleAsync(params (string Name, Guid Id)[] guests)
    {
        await using var host = TheHost();
        var domains = guests.Select(g => new DomainStats(
            g.Name, g.Id, DomainState.Running, DateTimeOffset.UnixEpoch, null, 1, 1, null, null, null, null, null, null, null, null, null));
        var faults = ImmutableArray.CreateBuilder<ObservedFault>();
        var polls = new Dictionary<string, HypervisorPoll> { ["h1"] = new(null, null, [.. domains], null) };
        var site = new SiteAssembler(new GuestDefinitions([]), new CpuJudge(), new DirtyRates()).Assemble([host], polls, new Dictionary<string, PowerState>(), TimeSpan.FromSeconds(2), faults);
        return (site, faults.ToImmutable());
    }
}
