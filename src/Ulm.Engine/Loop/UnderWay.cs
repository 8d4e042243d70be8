using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>What an earlier run was doing one after another when it ended: gone on with, or given up and told.</summary>
/// <param name="Again">To be gone on with.</param>
/// <param name="GivenUp">For the journal.</param>
internal sealed record UnderWay(ImmutableArray<Decision> Again, ImmutableArray<JournalEntry> GivenUp)
{
    public static ImmutableArray<SavedGoing> Save(ImmutableArray<Decision> goingOn) =>
        [.. goingOn.Select(d => new SavedGoing(d.Id, d.Rule.Name, d.Rule.Fingerprint, d.Subject, d.At, d.Reason))];

    /// <summary>
    /// A server that was away for no longer than a poll may be missed goes on; after that only a rule whose window has been open ever since. Rules that
    /// wait for a condition ask anew by themselves.
    /// </summary>
    /// <param name="limit">So long nobody needs to have looked.</param>
    public static UnderWay After(SavedHolds saved, PolicySet policies, RuleMode serverMode, DateTimeOffset at, TimeZoneInfo zone, TimeSpan limit)
    {
        var (again, givenUp) = (ImmutableArray.CreateBuilder<Decision>(), ImmutableArray.CreateBuilder<JournalEntry>());
        foreach (var going in saved.GoingOn)
        {
            var rule = policies.Rules.FirstOrDefault(r => r.Name == going.Rule && r.Fingerprint == going.Fingerprint);
            if (rule is { Trigger: Trigger.When }) continue;
            var why = rule is null ? "the rule was changed or taken out meanwhile"
                : serverMode != RuleMode.Enforce ? $"the server is in mode {serverMode.ToString().ToLowerInvariant()} now"
                : at - going.At >= Planner.GoesOnFor ? $"nothing goes on for longer than {Show.Duration(Planner.GoesOnFor)}"
                : at - saved.At <= limit || MissedSchedules.WindowHolds(policies, new ScheduleEvent(rule.Name, going.At), at, zone) ? null
                : $"the server did not look for {Show.Duration(at - saved.At)}";
            if (rule is not null && why is null) again.Add(new Decision(going.Decision, rule, going.Subject, going.At, going.Reason));
            else givenUp.Add(new JournalEntry(at, JournalKind.Refusal, $"{going.Rule}: what it began at {Show.Time(going.At.ToOffset(at.Offset))} is not gone on with: {why}")
            {
                Rule = going.Rule,
                Decision = going.Decision,
                Subject = going.Subject?.ToString(),
                Outcome = "missed",
            });
        }

        return new UnderWay(again.ToImmutable(), givenUp.ToImmutable());
    }
}
