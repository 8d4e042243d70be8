using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Decisions;

/// <summary>What a rule wants done, accepted by the arbiter. The planner still may find that it can't be done.</summary>
/// <param name="Id">Unique over the life of the site; what <c>journal</c> and <c>explain</c> call it.</param>
/// <param name="Subject">Null where the rule is about the whole site.</param>
public sealed record Decision(string Id, Rule Rule, SubjectRef? Subject, DateTimeOffset At, string Reason)
{
    /// <summary>What is to become of it: told, kept for approval, or done. The rule's own mode, or a lower one that the server is in.</summary>
    public RuleMode Mode { get; init; } = Rule.Mode;

    /// <inheritdoc cref="Firing.HasTold"/>
    public bool HasTold { get; init; }

    /// <summary>What a person ordered; null: a rule decided, or the server itself.</summary>
    public ManualOrder? Ordered { get; init; }

    /// <summary>Who ordered it.</summary>
    public string? By { get; init; }

    /// <summary>Why, in the words of who ordered it.</summary>
    public string? Because { get; init; }

    /// <summary>Of what the server decides by itself, to keep what was promised; null: a rule decided, or a person.</summary>
    public Urgency? Upkeep { get; init; }

    public Urgency Urgency => Urgencies.Of(this);

    /// <summary>The one cluster in which it acts: that it is about, or that the rule is bound to. Null: all.</summary>
    public string? Cluster => Subject is { Kind: SubjectKind.Cluster } cluster ? cluster.Name : Rule.Guards.Cluster;

    /// <summary>The host a host action is about: the subject itself, or the VM's host.</summary>
    public string? HostOf(Site site) => Subject switch
    {
        { Kind: SubjectKind.Host } host => host.Name,
        { Kind: SubjectKind.Vm } vm => site.FindVm(vm.Name)?.Host,
        _ => null,
    };
}

/// <summary>A firing that lost to another on the same host or cluster.</summary>
public sealed record Outvoted(Rule Rule, SubjectRef Subject, string Because)
{
    /// <summary>Whom it lost to.</summary>
    public (string Rule, SubjectRef? Subject)? Winner { get; init; }
}
