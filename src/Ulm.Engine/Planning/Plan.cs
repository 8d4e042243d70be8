using System.Collections.Immutable;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>One thing to do to the site.</summary>
public abstract record PlannedAction
{
    private PlannedAction() { }

    /// <inheritdoc cref="Dsl.Policies.PolicyAction.OnlyTells"/>
    public bool OnlyTells => this is Notify or RunHook;

    /// <summary>Tells people.</summary>
    /// <param name="About">What the rule fired for; null: the whole site.</param>
    public sealed record Notify(string Text, string? Via, SubjectRef? About) : PlannedAction
    {
        public override string ToString() => $"notify \"{Text}\"{(Via is null ? "" : $" via {Via}")}";
    }

    /// <param name="About">What the rule fired for; null: the whole site.</param>
    public sealed record RunHook(string Name, SubjectRef? About) : PlannedAction
    {
        public override string ToString() => $"run hook {Name}";
    }

    /// <summary>The host that this switches or closes; null: none.</summary>
    public string? SwitchedHost => this switch
    {
        PowerOff off => off.Host,
        PowerOn on => on.Host,
        Suspend suspend => suspend.Host,
        Order { Given: { IsClosed: true } given } => given.Host,
        _ => null,
    };

    /// <summary>What it is done to, or about: <c>vm/web1</c>, <c>host/h3</c>. Null: the whole site.</summary>
    public SubjectRef? Subject => this switch
    {
        Migrate move => SubjectRef.Vm(move.Vm),
        PowerOff off => SubjectRef.Host(off.Host),
        PowerOn on => SubjectRef.Host(on.Host),
        Suspend suspend => SubjectRef.Host(suspend.Host),
        Order order => SubjectRef.Host(order.Given.Host),
        Release release => SubjectRef.Host(release.Host),
        Notify notify => notify.About,
        RunHook hook => hook.About,
        _ => throw new InvalidOperationException($"action {GetType().Name} has no subject"),
    };

    /// <summary>What budgets count once this is begun; null: nothing.</summary>
    public BegunAction? Begins(string rule, DateTimeOffset at) => this switch
    {
        Migrate move => new BegunAction(at, BegunKind.Move, move.Vm, move.MakesRoomFor ?? move.From, rule),
        PowerOff off => new BegunAction(at, BegunKind.PowerOff, off.Host, off.Host, rule),
        // A sleep is a cycle too: the host is gone and comes back.
        Suspend suspend => new BegunAction(at, BegunKind.PowerOff, suspend.Host, suspend.Host, rule),
        PowerOn on => new BegunAction(at, BegunKind.PowerOn, on.Host, on.Host, rule),
        Order { Given: { Phase: HostOrderPhase.Closed, Kind: not HostOrderKind.Suspended, Resumed: false } given } => new BegunAction(at, BegunKind.Close, given.Host, given.Host, rule),
        _ => null,
    };

    public sealed record Migrate(string Vm, string From, string To) : PlannedAction
    {
        /// <summary>The host that can be emptied once this VM has moved aside, which itself stays where hosts stay on; null: it moves for its own sake.</summary>
        public string? MakesRoomFor { get; init; }

        /// <summary>The host whose order it is done for: it stays where that has ended. Null: it is not done for an order.</summary>
        public string? ByOrderOf { get; init; }

        /// <summary>What spoke against it, and why it goes all the same; null: nothing did.</summary>
        public string? Although { get; init; }

        public override string ToString() => $"migrate vm {Vm} from {From} to {To}";
    }

    public sealed record PowerOff(string Host) : PlannedAction
    {
        /// <summary>The order to shut it down that it is under wants it: it stays on where that has ended.</summary>
        public bool ByOrder { get; init; }

        public override string ToString() => $"power off host {Host}";
    }

    public sealed record PowerOn(string Host) : PlannedAction
    {
        public override string ToString() => $"power on host {Host}";
    }

    /// <summary>To memory; woken like a host that is off.</summary>
    public sealed record Suspend(string Host) : PlannedAction
    {
        public override string ToString() => $"suspend host {Host}";
    }

    /// <summary>Puts a host under an order, or moves the order on.</summary>
    public sealed record Order(HostOrder Given) : PlannedAction
    {
        public override string ToString() => Given.ToString();
    }

    /// <summary>Ends a host's order: VMs are let in again.</summary>
    public sealed record Release(string Host) : PlannedAction
    {
        /// <summary>Who ordered it by hand; null: a rule did, or its time ended.</summary>
        public string? By { get; init; }

        public override string ToString() => $"open host {Host}";
    }
}

/// <summary>A step of a plan.</summary>
/// <param name="Id">1, 2, ... within the plan.</param>
/// <param name="After">Steps that must have succeeded before this one may start.</param>
/// <param name="Decision">The decision it belongs to.</param>
/// <param name="Reason">The values that led here, for people.</param>
public sealed record PlanStep(int Id, ImmutableArray<int> After, PlannedAction Action, string Decision, string Rule, string Reason)
{
    /// <summary>How long it is going to take once it has begun, with its hosts' links for itself; null: it does not end by itself, for <see cref="EndlessBecause"/>.</summary>
    public TimeSpan? Takes { get; init; } = TimeSpan.Zero;

    public string? EndlessBecause { get; init; }

    /// <summary>What the decision is about; null: the whole site.</summary>
    public SubjectRef? DecidedFor { get; init; }

    /// <summary>Where else the VM of a move may go if its target can't take it; null: there, or not at all.</summary>
    public OtherTargets? Elsewhere { get; init; }

    /// <summary>Of a move that is tried again elsewhere: the number of the step that was planned; null: it is that step itself.</summary>
    public int? TriesAgain { get; init; }

    /// <summary>The step that was planned, as all but the journal know it.</summary>
    public PlanStep AsPlanned => TriesAgain is { } planned ? this with { Id = planned } : this;

    /// <summary>Of the decision it belongs to: how soon it begins where more waits than may run at a time.</summary>
    public Urgency Urgency { get; init; } = Urgency.Rule;
}

/// <summary>What one look at the site wants done, in an order that keeps every limit in every state between.</summary>
/// <param name="FactsHash">Of the facts it rests on: see <see cref="Planning.FactsHash"/>. Empty where there was nothing to plan.</param>
public sealed record Plan(DateTimeOffset At, string FactsHash, ImmutableArray<PlanStep> Steps, ImmutableArray<Refusal> Refused)
{
    /// <summary>From its first step to its last, with as many migrations at a time as policies allow; null: a step does not end by itself.</summary>
    public TimeSpan? Takes { get; init; } = TimeSpan.Zero;

    /// <summary>Whether anything is done for a decision, now or later; to tell of it is not to do anything.</summary>
    public bool ComesOf(Decision decision) =>
        Steps.Any(s => s.Decision == decision.Id && !s.Action.OnlyTells) || GoingOn.Any(d => d.Id == decision.Id)
        || Refused.Any(r => r.Decision == decision.Id && r.Code == RefusalCode.BeingActedOn);

    /// <summary>Decisions that no rule made: some of the steps mend what breaks a constraint.</summary>
    public ImmutableArray<Decision> Upkeep { get; init; } = [];

    /// <summary>Decisions of which one thing is done after another: the next look plans them on.</summary>
    public ImmutableArray<Decision> GoingOn { get; init; } = [];

    /// <summary>What breaks a constraint and can't be mended now; told once, not at every look.</summary>
    public ImmutableArray<Refusal> Unmended { get; init; } = [];
}
