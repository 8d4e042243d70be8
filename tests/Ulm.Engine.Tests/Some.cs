using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Tests;

/// <summary>Sites and policies for tests, with everything that does not matter filled in.</summary>
internal static class Some
{
    public const long GiB = 1L << 30;

    public static readonly DateTimeOffset Monday = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public static Host Host(string name, HostState state = HostState.On, long gib = 64, int cpus = 8) =>
        new() { Name = name, Cpus = cpus, MemoryBytes = gib * GiB, State = state };

    public static Vm Vm(string name, string host, long gib = 4, int vcpus = 2, params string[] tags) =>
        new() { Name = name, Host = host, Vcpus = vcpus, CpuMips = Inventory.Host.DefaultCpuMips, MemoryBytes = gib * GiB, Tags = [.. tags] };

    public static Condition Above(PolicyAttribute attribute, double mark) => new Condition.Comparison(
        new Quantity.Read(attribute), ComparisonOperator.Greater, new Quantity.Constant(mark, Unit.Percent, $"{mark}%"), $"{attribute.Name} > {mark}%");

    public static Rule When(string name, Condition condition, TimeSpan holdFor, params PolicyAction[] actions) =>
        Rule(name, new Trigger.When(condition, SubjectKind.Host, holdFor), actions);

    public static Rule WhenVm(string name, Condition condition, TimeSpan holdFor, params PolicyAction[] actions) =>
        Rule(name, new Trigger.When(condition, SubjectKind.Vm, holdFor), actions);

    public static Rule Every(string name, TimeSpan period, params PolicyAction[] actions) => Rule(name, new Trigger.Every(period), actions);

    public static Rule At(string name, TimeOnly time, DaysOfWeek days, params PolicyAction[] actions) =>
        Rule(name, new Trigger.At([time], days), actions);

    public static PolicySet Policies(params Rule[] rules) => new([.. rules], [], null);

    /// <summary>The project's two sentences.</summary>
    public static PolicySet FirstTwoSentences => Policies(
        When("relieve", Above(PolicyAttribute.HostCpu, 75), TimeSpan.FromMinutes(10), new PolicyAction.Evacuate(true, Resource.Cpu)),
        At("night", new TimeOnly(20, 0), DaysOfWeek.Weekdays, new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)));

    public static StandingConstraint.NeverMigrate NeverMigrate(Selector vms) =>
        new(vms) { Text = "never migrate vm", Location = Here };

    public static StandingConstraint.AlwaysKeepHostsOn AlwaysKeepOn(int count, string? cluster = null) =>
        new(count, cluster) { Text = $"always keep {count} hosts on{(cluster is null ? "" : $" in cluster {cluster}")}", Location = Here };

    private static SourceLocation Here => new("some.ulm", 1, 1);

    private static Rule Rule(string name, Trigger trigger, PolicyAction[] actions) => new(name, name, Here, trigger, [.. actions], null, null);
}
