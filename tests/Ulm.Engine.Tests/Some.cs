using System.Collections.Immutable;
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

    public static Rule At(string name, TimeOnly time, DaysOfWeek days, params PolicyAction[] actions) =>
        Rule(name, new Trigger.At([time], days), actions);

    public static PolicySet Policies(params Rule[] rules) => new([.. rules], [], null);

    /// <summary>The project's two sentences.</summary>
    public static PolicySet FirstTwoSentences => Policies(
        When("relieve", Above(PolicyAttribute.HostCpu, 75), TimeSpan.FromMinutes(10), new PolicyAction.EvacuateHeaviest(true, Resource.Cpu)),
        At("night", new TimeOnly(20, 0), DaysOfWeek.Weekdays, new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)));

    private static Rule Rule(string name, Trigger trigger, ImmutableArray<PolicyAction> actions) =>
        new(name, name, new SourceLocation("some.ulm", 1, 1), trigger, actions, null, null);

    private static Rule Rule(string name, Trigger trigger, PolicyAction[] actions) => Rule(name, trigger, actions.ToImmutableArray());
}
