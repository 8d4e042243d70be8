using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Libvirt;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

public class VmFiguresTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("aaaaaaaa-0000-0000-0000-000000000001");

    [Fact]
    public void Counters_become_rates_over_the_time_between_two_polls()
    {
        var figures = new VmFigures();
        Assert.Equal("a rate needs two polls, this was the first", figures.Of(PolicyAttribute.VmNetIn, "h1", Stats(0, net: 1000))!.Value.UnknownBecause);
        Assert.Equal(500, figures.Of(PolicyAttribute.VmNetIn, "h1", Stats(10, net: 6000))!.Value.Value);
        Assert.Equal(0, figures.Of(PolicyAttribute.VmNetIn, "h1", Stats(20, net: 6000))!.Value.Value);
    }

    [Theory]
    [InlineData("vm.net.in", 100)]
    [InlineData("vm.net.out", 200)]
    [InlineData("vm.disk.read", 300)]
    [InlineData("vm.disk.write", 400)]
    [InlineData("vm.cpu", 25)]   // 5 s of CPU time in 10 s on two vCPUs
    public void Each_attribute_has_its_counter(string name, double perSecond)
    {
        var attribute = PolicyAttribute.All.Single(a => a.Name == name);
        var figures = new VmFigures();
        var zero = Stats(0, 0) with { NetSentBytes = 0, BlockReadBytes = 0, BlockWrittenBytes = 0, CpuTimeNs = 0 };
        figures.Of(attribute, "h1", zero);
        var later = Stats(10, 1000) with { NetSentBytes = 2000, BlockReadBytes = 3000, BlockWrittenBytes = 4000, CpuTimeNs = 5_000_000_000 };
        Assert.Equal(perSecond, figures.Of(attribute, "h1", later)!.Value.Value);
    }

    [Fact]
    public void Counters_of_another_host_or_another_run_make_no_rate()
    {
        var figures = new VmFigures();
        figures.Of(PolicyAttribute.VmNetIn, "h1", Stats(0, net: 1000));
        Assert.Equal("a rate needs two polls on one host; it has come from h1 to h2", figures.Of(PolicyAttribute.VmNetIn, "h2", Stats(10, net: 5000))!.Value.UnknownBecause);
        Assert.Equal("a rate needs two polls of one run; it was started anew", figures.Of(PolicyAttribute.VmNetIn, "h2", Stats(20, net: 10))!.Value.UnknownBecause);
        Assert.Equal(9, figures.Of(PolicyAttribute.VmNetIn, "h2", Stats(30, net: 100))!.Value.Value);
        Assert.Equal("libvirt on h2 does not tell vm.net.in", figures.Of(PolicyAttribute.VmNetIn, "h2", Stats(40, net: null))!.Value.UnknownBecause);
    }

    [Fact]
    public void Every_attribute_of_a_VM_has_a_source() => Assert.All(
        PolicyAttribute.All.Where(a => a.Subject == SubjectKind.Vm && a != PolicyAttribute.VmUptime), a => Assert.NotNull(new VmFigures().Of(a, "h1", Stats(0, 0))));

    [Fact]
    public void A_guest_is_as_old_as_its_start_that_was_seen()
    {
        var starts = new VmStarts();
        Look(starts, 0, []);
        Look(starts, 60, [("h1", 5)]);
        Look(starts, 120, [("h1", 50)]);
        Assert.Equal(60, Uptime(starts, 120));
    }

    [Fact]
    public void One_that_ran_before_has_no_known_start_until_it_is_started_anew()
    {
        var starts = new VmStarts();
        Look(starts, 0, [("h1", 500)]);
        Look(starts, 60, [("h1", 550)]);
        Assert.Null(Uptime(starts, 60));
        Look(starts, 120, [("h1", 3)]);
        Look(starts, 180, [("h1", 20)]);
        Assert.Equal(60, Uptime(starts, 180));
    }

    [Fact]
    public void Moving_is_not_starting_even_where_it_shows_on_neither_host_for_a_moment()
    {
        var starts = new VmStarts();
        Look(starts, 0, []);
        Look(starts, 60, [("h1", 500)]);
        Look(starts, 120, []);
        Look(starts, 180, [("h2", 1)]);
        Assert.Equal(120, Uptime(starts, 180));
    }

    [Fact]
    public void One_that_comes_while_a_host_is_silent_may_have_run_there()
    {
        var starts = new VmStarts();
        Look(starts, 0, [], HostState.Unreachable);
        Look(starts, 60, [("h1", 500)]);
        Assert.Null(Uptime(starts, 60));
        Look(starts, 120, []);
        Look(starts, 180, []);
        Look(starts, 240, []);
        Look(starts, 300, [("h1", 1)]);
        Assert.Equal(0, Uptime(starts, 300));
    }

    [Theory]
    [InlineData("web-1", "libvirt-blkstat.read", 7.0, null)]
    [InlineData("web.2", "libvirt-blkstat.read", 8.0, null)]
    [InlineData("db", "libvirt-blkstat.read", null, "plugin `libvirt-blkstat` of h1's munin-node has no field `db_read`")]
    [InlineData("db", "guests.cpu", 9.0, null)]
    [InlineData("db", "nosuch.cpu", null, "h1's munin-node has no plugin `nosuch`")]
    [InlineData("a-b", "libvirt-blkstat.read", null, "munin writes the names of a-b and a.b the same way, a_b")]
    public void A_field_or_a_graph_named_after_the_guest_is_its_own(string guest, string field, double? value, string? because)
    {
        var answer = HostFiguresTests.Answer(("libvirt-blkstat", "web_1_read=7 web_2_read=8 a_b_read=1"), ("guests", "all=1"), ("guests.db", "cpu=9"));
        var figure = VmMuninFields.Of(field, guest, ["web-1", "web.2", "db", "a-b", "a.b"], answer);
        Assert.Equal((value, because), (figure.IsKnown ? figure.Value : null, figure.UnknownBecause));
    }

    private static DomainStats Stats(int seconds, long? net) => new(
        "web", Id, DomainState.Running, Noon.AddSeconds(seconds), 0, 2, 2, 1L << 30, 1L << 30, null, null, null, net, 0, 0, 0);

    private static void Look(VmStarts starts, int seconds, (string Host, long CpuTime)[] seen, HostState second = HostState.On)
    {
        Host[] hosts = [new Host { Name = "h1", Cpus = 1, MemoryBytes = 1 }, new Host { Name = "h2", Cpus = 1, MemoryBytes = 1, State = second }];
        var vms = seen.Select(s => new Vm { Name = "web", Id = Id, Host = s.Host, Vcpus = 1, CpuMips = 1, MemoryBytes = 1 });
        starts.Look(new Site(hosts, vms), _ => Stats(seconds, 0) with { CpuTimeNs = seen[0].CpuTime }, Noon.AddSeconds(seconds));
    }

    private static double? Uptime(VmStarts starts, int seconds)
    {
        var figure = starts.Uptime(new Vm { Name = "web", Id = Id, Host = "h1", Vcpus = 1, CpuMips = 1, MemoryBytes = 1 }, Noon.AddSeconds(seconds));
        return figure.IsKnown ? figure.Value : null;
    }
}
