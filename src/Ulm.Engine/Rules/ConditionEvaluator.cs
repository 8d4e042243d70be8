using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Rules;

/// <summary>The verdict of a condition for one host, VM or cluster, straight from the facts of an instant. Who also wants to say why asks a <see cref="ConditionJudge"/>.</summary>
public sealed class ConditionEvaluator(SiteFacts facts)
{
    private readonly SiteFacts _facts = facts;
    private readonly ConditionJudge _judge = new(facts);

    /// <param name="subject">What it is about; of a VM its host and cluster are read too, of a host its cluster.</param>
    public Truth Evaluate(Condition condition, SubjectRef subject) => _judge.Judge(condition, subject).Verdict;

    /// <summary>True where a rule's condition and guards hold for a subject of its kind now; how long they have to, and what the rule has done before, has no part in it.</summary>
    public bool ActsOn(Rule rule, SubjectRef subject) => rule.Trigger is Trigger.When when && when.Subject == subject.Kind
        && Evaluate(when.Condition, subject) == Truth.True
        && (rule.Guards.Cluster is null || _facts.KeyOf(subject, SubjectKind.Cluster)?.Name == rule.Guards.Cluster)
        && (rule.Guards.Where is not { } where || Evaluate(where, subject) == Truth.True)
        && (rule.Guards.Unless is not { } unless || Evaluate(unless, subject) == Truth.False);
}
