using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

public class ConditionTests
{
    [Theory]
    [InlineData("host.cpu.iowait > 5%", "host.cpu.iowait", Unit.Percent, 5)]
    [InlineData("host.memory.free < 4GiB", "host.memory.free", Unit.Bytes, 4294967296)]
    [InlineData("host.net.in > 80MiB/s", "host.net.in", Unit.BytesPerSecond, 83886080)]
    [InlineData("vm.disk.write > 10MB/s", "vm.disk.write", Unit.BytesPerSecond, 10000000)]
    [InlineData("host.power > 1.5kW", "host.power", Unit.Watts, 1500)]
    [InlineData("host.uptime < 1h30m", "host.uptime", Unit.Seconds, 5400)]
    [InlineData("host.idle for >= 10m", "host.idle for", Unit.Seconds, 600)]
    [InlineData("cluster.hosts.on > 2", "cluster.hosts.on", Unit.Count, 2)]
    [InlineData("host.munin[\"sensors_fan.fan1\"] < 900", "host.munin[\"sensors_fan.fan1\"]", Unit.Count, 900)]
    [InlineData("vm.munin[\"diskstats_iops.sda.rdio\"] > 4GiB", "vm.munin[\"diskstats_iops.sda.rdio\"]", Unit.Bytes, 4294967296)]
    public void Everything_that_is_measured_can_be_compared(string condition, string attribute, Unit unit, double value)
    {
        var comparison = Assert.IsType<Condition.Comparison>(Of(condition));
        Assert.Equal(attribute, Assert.IsType<Quantity.Read>(comparison.Left).Attribute.Name);
        var constant = Assert.IsType<Quantity.Constant>(comparison.Right);
        Assert.Equal((unit, value), (constant.Unit, constant.Value));
        Assert.Equal(condition, comparison.Text);
    }

    [Theory]
    [InlineData("host.net.in > 80MiB", "ULM1102")]
    [InlineData("host.power > 200", "ULM1103")]
    [InlineData("host.uptime > 2", "ULM1103")]
    [InlineData("cluster.hosts > 20%", "ULM1102")]
    [InlineData("host.munin[\"a.b\"] > 20:00", "ULM1102")]
    [InlineData("host.cpu > host.net.in", "ULM1102")]
    [InlineData("avg(host.cpu, 15m) > 4GiB", "ULM1102")]
    [InlineData("rate(vm.memory, 15m) > 4GiB", "ULM1102")]
    [InlineData("avg(host.cpu, 15) > 75%", "ULM1103")]
    [InlineData("avg(host.cpu, 0m) > 75%", "ULM2002")]
    [InlineData("avg(host.cup, 15m) > 75%", "ULM1008")]
    [InlineData("count of hosts (host.cpu > 75%) >= 50%", "ULM1102")]
    [InlineData("host.munin > 5", "ULM1011")]
    [InlineData("host.munin", "ULM1011")]
    [InlineData("host.munin[\"fan1\"] > 5", "ULM1011")]
    [InlineData("host.munin[\"a..b\"] > 5", "ULM1011")]
    [InlineData("host.cpu[\"a.b\"] > 5%", "ULM1011")]
    [InlineData("hots.munin[\"a.b\"] > 5", "ULM1008")]
    [InlineData("cluster tagged \"x\"", "ULM1214")]
    [InlineData("vm is idle", "ULM1214")]
    [InlineData("cluster is idle", "ULM1214")]
    [InlineData("host is drainin", "ULM1003")]
    [InlineData("any host (vm.cpu > 5%)", "ULM1213")]
    [InlineData("count of hosts (any vm (vm.cpu > 5%) and vm.cpu > 6%) > 1", "ULM1213")]
    [InlineData("tagged \"\"", "ULM1007")]
    public void What_makes_no_sense_is_refused(string condition, string code) => Assert.Equal([code], Compiled.Codes($"when {condition} then balance"));

    [Theory]
    [InlineData("host.munin[\"a.b\"] > 5", true)]
    [InlineData("host.munin[\"a.b\"] > host.cpu", true)]
    [InlineData("host.munin[\"a.b\"] > -5", true)]
    [InlineData("rate(host.memory.free, 15m) > 5MiB/s", true)]
    [InlineData("rate(host.cpu, 15m) > -0.1", true)]
    [InlineData("host.net.in > vm.net.in", true)]
    [InlineData("host.munin[\"a.b\"] > 5 and host.munin[\"a.b\"] < 5", false)]
    public void What_makes_sense_is_not(string condition, bool sound) => Assert.Equal(sound, Compiled.Codes($"when {condition} then balance").Length == 0);

    [Theory]
    [InlineData("avg", TimeFunction.Avg, Unit.Percent)]
    [InlineData("min", TimeFunction.Min, Unit.Percent)]
    [InlineData("max", TimeFunction.Max, Unit.Percent)]
    [InlineData("p95", TimeFunction.P95, Unit.Percent)]
    [InlineData("rate", TimeFunction.Rate, Unit.Any)]
    [InlineData("forecast", TimeFunction.Forecast, Unit.Percent)]
    public void Functions_over_time(string written, TimeFunction function, Unit unit)
    {
        var comparison = Assert.IsType<Condition.Comparison>(Of($"{written} ( host.cpu ,15m ) > {(unit == Unit.Any ? "5" : "5%")}"));
        Assert.Equal(
            new Quantity.OverTime(function, PolicyAttribute.HostCpu, TimeSpan.FromMinutes(15), unit, $"{written}(host.cpu, 15m)"), comparison.Left);
    }

    [Fact]
    public void The_rate_of_bytes_is_in_bytes_per_second()
    {
        var comparison = Assert.IsType<Condition.Comparison>(Of("rate(vm.memory, 1h) > 5MiB/s"));
        Assert.Equal(Unit.BytesPerSecond, Assert.IsType<Quantity.OverTime>(comparison.Left).Unit);
    }

    public static TheoryData<string, SubjectKind?, SubjectTest> Asked => new()
    {
        { "is idle", SubjectKind.Host, new SubjectTest.InState(HostCondition.Idle) },
        { "is empty", SubjectKind.Host, new SubjectTest.InState(HostCondition.Empty) },
        { "host is on", SubjectKind.Host, new SubjectTest.InState(HostCondition.On) },
        { "is off", SubjectKind.Host, new SubjectTest.InState(HostCondition.Off) },
        { "host is draining", SubjectKind.Host, new SubjectTest.InState(HostCondition.Draining) },
        { "is in maintenance", SubjectKind.Host, new SubjectTest.InState(HostCondition.InMaintenance) },
        { "tagged \"db\"", null, new SubjectTest.Tagged("db") },
        { "vm tagged db", SubjectKind.Vm, new SubjectTest.Tagged("db") },
        { "host named \"web-*\"", SubjectKind.Host, new SubjectTest.Named("web-*") },
        { "cluster named web", SubjectKind.Cluster, new SubjectTest.Named("web") },
        { "in cluster web", null, new SubjectTest.InCluster("web") },
        { "host in cluster web", SubjectKind.Host, new SubjectTest.InCluster("web") },
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public void Questions(string condition, SubjectKind? subject, SubjectTest test) => Assert.Equal(new Condition.Asks(subject, test, condition), Of(condition));

    [Fact]
    public void Quantifiers()
    {
        var any = Assert.IsType<Condition.Quantified>(Of("any host ( host.cpu>90% and\n tagged \"x\" )"));
        Assert.Equal((Quantifier.Any, SubjectKind.Host, "any host (host.cpu > 90% and tagged \"x\")"), (any.Quantifier, any.Over, any.Text));
        Assert.IsType<Condition.And>(any.Inner);
        Assert.Equal(Quantifier.All, Assert.IsType<Condition.Quantified>(Of("all vms (vm.cpu < 5%)")).Quantifier);
        var count = Assert.IsType<Condition.Comparison>(Of("count of hosts (host.cpu > 90%) >= 2"));
        Assert.Equal("count of hosts (host.cpu > 90%) >= 2", count.Text);
        Assert.Equal(SubjectKind.Host, Assert.IsType<Quantity.CountOf>(count.Left).Over);
    }

    [Theory]
    [InlineData("vm.cpu > 5% and host.cpu > 5% and cluster.cpu > 5%", SubjectKind.Vm)]
    [InlineData("host.cpu > 5% and vm tagged \"x\"", SubjectKind.Vm)]
    [InlineData("cluster.cpu > 5% and host.cpu > 5%", SubjectKind.Host)]
    [InlineData("cluster.cpu > 5% and is idle", SubjectKind.Host)]
    [InlineData("cluster.cpu > 5% and tagged \"x\"", SubjectKind.Host)]
    [InlineData("cluster.cpu > 5% and in cluster web", SubjectKind.Cluster)]
    [InlineData("avg(vm.cpu, 5m) > 5%", SubjectKind.Vm)]
    [InlineData("any host (host.cpu > 5%)", SubjectKind.Cluster)]
    [InlineData("any vm (vm.cpu > 5%) and host.load > 2", SubjectKind.Host)]
    [InlineData("count of vms (vm.cpu > 5%) > 3", SubjectKind.Cluster)]
    [InlineData("07:00-20:00 weekdays", SubjectKind.Cluster)]
    [InlineData("tagged \"x\"", SubjectKind.Host)]
    [InlineData("named \"x\" and 07:00-20:00", SubjectKind.Host)]
    public void A_condition_ranges_over_the_finest_it_reads_or_asks_of(string condition, SubjectKind subject) =>
        Assert.Equal(subject, Assert.IsType<Trigger.When>(Compiled.Rule($"when {condition} then balance").Trigger).Subject);

    [Theory]
    [InlineData("any host (host.cpu < 0%)", "ULM3003")]
    [InlineData("count of hosts (host.cpu >= 0%) > 1", "ULM3004")]
    [InlineData("any host (host.cpu > 5% or host.load > 2 and host.vms > 3)", "ULM4002")]
    public void What_stands_within_others_is_looked_at_too(string condition, string code) => Assert.Equal([code], Compiled.Codes($"when {condition} then balance"));

    [Theory]
    [InlineData("any host (vm.cpu > 5%)", "vm.cpu > 5%")]
    [InlineData("host.cpu > 75% and host is idel", "idel")]
    [InlineData("host.munin[\"fan\"] > 5", "\"fan\"")]
    public void The_smallest_place_is_underlined(string condition, string underlined)
    {
        var text = $"when {condition} then balance";
        Assert.Equal(underlined, Compiled.Underlined(text, Compiled.Single(text)));
    }

    [Fact]
    public void Functions_and_states_can_be_names_elsewhere() =>
        Assert.Empty(Compiled.Codes("let max = host.cpu > 75%\nlet idle = host.load > 2\nlet first = 07:00-20:00\nwhen max and idle and first then balance"));

    private static Condition Of(string condition) => Assert.IsType<Trigger.When>(Compiled.Rule($"when {condition} then balance").Trigger).Condition;
}
