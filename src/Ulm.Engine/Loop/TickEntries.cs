using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;
using Ulm.Engine.Rules;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Loop;

/// <summary>What the journal is told of one look: each decision with all that it rested on, what lost against it, what was planned and what refused.</summary>
internal static class TickEntries
{
    /// <param name="unmended">What breaks a constraint and has not been told before.</param>
    public static IEnumerable<JournalEntry> Of(LookResult result, IEnumerable<Refusal> unmended, PolicySet policies, DateTimeOffset at) =>
    [
        .. result.Transitions.Select(JournalWriter.Of),
        .. result.Plan.Upkeep.Select(d => JournalWriter.Of(d, Details(d, result, policies))),
        .. unmended.Select(r => JournalWriter.Of(r, at)),
        .. result.Decisions.Select(d => JournalWriter.Of(d, Details(d, result, policies))),
        .. result.Outvoted.Select(o => JournalWriter.Of(o, at) with { Decision = result.Decisions.FirstOrDefault(d => Won(d, o))?.Id }),
        .. result.Withheld.Select(JournalWriter.Of),
        .. result.Plan.Refused.Concat(result.Recommended.Refused).Select(r => JournalWriter.Of(r, at)),
    ];

    /// <summary>Of what no rule decided.</summary>
    public static DecisionDetails Details(Decision decision, Plan plan, PolicySet policies) => Details(decision, [], [], [plan], policies);

    private static DecisionDetails Details(Decision decision, LookResult result, PolicySet policies)
    {
        var fired = result.Transitions.FirstOrDefault(t => t.To == HoldState.Firing && t.Rule.Name == decision.Rule.Name && t.Subject == decision.Subject);
        return Details(
            decision, fired is null ? [] : [.. FoundPart.Of(fired.Finding, decision.At)], [.. result.Outvoted.Where(o => Won(decision, o)).Select(o => $"{o.Rule.Name} on {o.Subject}")],
            [result.Plan, result.Recommended], policies);
    }

    private static DecisionDetails Details(Decision decision, ImmutableArray<FoundPart> parts, ImmutableArray<string> outvoted, Plan[] plans, PolicySet policies) => new(
        decision.Rule.Location is { File.Length: > 0 } location ? location.ToString() : "",
        decision.Mode.ToString().ToLowerInvariant(),
        policies.Hash,
        parts,
        outvoted,
        [.. plans.SelectMany(p => p.Steps).Where(s => s.Decision == decision.Id).Select(s => new DecisionDetails.Step(s.Id, s.After, s.Action.ToString()!))],
        [.. plans.SelectMany(p => p.Refused).Where(r => r.Decision == decision.Id).Select(r => new DecisionDetails.RefusedPart(r.CodeText, r.Subject, r.Why))]);

    private static bool Won(Decision decision, Outvoted outvoted) => outvoted.Winner is { } winner && winner.Rule == decision.Rule.Name && winner.Subject == decision.Subject;
}
