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

    public static Condition Below(PolicyAttribute attribute, double mark) => new Condition.Comparison(
        new Quantity.Read(attribute), ComparisonOperator.Less, new Quantity.Constant(mark, Unit.Percent, $"{mark}%"), $"{attribute.Name} < {mark}%");

    public static Condition Tagged(string tag, SubjectKind? subject = null) => new Condition.Asks(subject, new SubjectTest.Tagged(tag), $"tagged \"{tag}\"");

    /// <summary><c>22:00-06:00</c></summary>
    public static TimeWindow Window(string text) => new(TimeOnly.Parse(text.Split('-')[0]), TimeOnly.Parse(text.Split('-')[1]), DaySelection.Daily, text);

    public static Rule WhenCluster(string name, Condition condition, TimeSpan holdFor, params PolicyAction[] actions) =>
        Rule(name, new Trigger.When(condition, SubjectKind.Cluster, holdFor), actions);

    public static Rule On(string name, SubjectEvent happened, params PolicyAction[] actions) => Rule(name, new Trigger.On(happened), actions);

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

    public static StandingConstraint.NeverPowerOff NeverPowerOff(Selector hosts) => new(hosts) { Text = "never power off host", Location = Here };

    public static StandingConstraint.Apart Apart(Selector vms, bool hard = true) => new(vms, hard) { Text = "keep apart vms", Location = Here };

    public static StandingConstraint.Together Together(Selector vms, bool hard = true) => new(vms, hard) { Text = "keep together vms", Location = Here };

    public static StandingConstraint.KeepOn KeepOn(Selector vms, Selector hosts) => new(vms, hosts) { Text = "keep vms on hosts", Location = Here };

    public static StandingConstraint.ReserveHosts ReserveHosts(int count, string? cluster = null) => new(count, cluster) { Text = $"reserve {count} host(s)", Location = Here };

    public static StandingConstraint.ReserveShare ReserveShare(Resource of, double percent, string? cluster = null) =>
        new(of, percent, cluster) { Text = $"reserve {percent}% {of.ToString().ToLowerInvariant()}", Location = Here };

    public static StandingConstraint.LimitMigrations LimitMigrations(int? perHost, int? inTotal) => new(perHost, inTotal) { Text = "limit migrations", Location = Here };

    public static StandingConstraint.MigrationBudget MigrationBudget(int count, TimeSpan per) => new(count, per) { Text = $"limit migrations to {count} per {Show.Duration(per)}", Location = Here };

    public static StandingConstraint.PowerCycleBudget PowerCycleBudget(int count, TimeSpan per) => new(count, per) { Text = $"limit power cycles to {count} per host per {Show.Duration(per)}", Location = Here };

    public static StandingConstraint.VmCooldown VmCooldown(TimeSpan duration) => new(duration) { Text = $"cooldown vm {Show.Duration(duration)}", Location = Here };

    public static StandingConstraint.OvercommitCpu OvercommitCpu(double factor) => new(factor) { Text = $"overcommit cpu {factor}x", Location = Here };

    /// <summary>Some of all constraints, over the tags that generated sites use: db, app, oracle, licensed.</summary>
    public static IEnumerable<StandingConstraint> AnyConstraints(Random random)
    {
        StandingConstraint[] all =
        [
            Apart(new Selector.Tagged("db"), hard: random.Next(4) > 0), Together(new Selector.Tagged("app"), hard: random.Next(4) > 0),
            KeepOn(new Selector.Tagged("oracle"), new Selector.Tagged("licensed")), NeverPowerOff(new Selector.Named("h*2")),
            ReserveHosts(1 + random.Next(2), random.Next(2) == 0 ? "c0" : null), ReserveShare(Resource.Memory, random.Next(40)), ReserveShare(Resource.Cpu, random.Next(60)),
            MigrationBudget(1 + random.Next(10), TimeSpan.FromHours(1)), PowerCycleBudget(1, TimeSpan.FromHours(1)), VmCooldown(TimeSpan.FromMinutes(random.Next(30))),
            OvercommitCpu(1 + random.Next(6)), LimitMigrations(1 + random.Next(2), 1 + random.Next(4)),
        ];
        return all.Where(_ => random.Next(4) == 0);
    }

    private static SourceLocation Here => new("some.ulm", 1, 1);

    private static Rule Rule(string name, Trigger trigger, PolicyAction[] actions) => new(name, name, Here, trigger, [.. actions], null, null);
}
