using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Rules;

/// <summary>The verdict of a condition for one host, VM or cluster, straight from the facts of an instant. Who also wants to say why asks a <see cref="ConditionJudge"/>.</summary>
public sealed class ConditionEvaluator(SiteFacts facts)
{
    private readonly ConditionJudge _judge = new(facts);

    /// <param name="subject">What it is about; of a VM its host and cluster are read too, of a host its cluster.</param>
    public Truth Evaluate(Condition condition, SubjectRef subject) => _judge.Judge(condition, subject).Verdict;
}
