using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules.Network;

/// <summary>Finds the clocks of rules by name and subject, and takes them over restarts and reloads.</summary>
internal sealed class HoldKeeping(
    WorkingMemory memory, ImmutableArray<ConditionNode> conditions, ImmutableArray<EventNode> events, IReadOnlyCollection<ScheduleNode> schedules)
{
    private readonly Dictionary<string, ConditionNode> _byName = conditions.ToDictionary(c => c.Rule.Name, StringComparer.Ordinal);

    public (ConditionNode Node, int Row)? Find(string rule, SubjectRef subject) =>
        _byName.TryGetValue(rule, out var node) && node.Kind == subject.Kind && memory.Table(subject.Kind).FindRow(subject.Name) is { } row ? (node, row) : null;

    public void Rearm(string rule, SubjectRef subject, DateTimeOffset at, FiringEnd end)
    {
        if (Find(rule, subject) is var (node, row)) node.Rearm(row, at, end);
    }

    public ImmutableArray<SavedHold> Save(DateTimeOffset at) =>
        [.. conditions.SelectMany(c => c.Save()), .. events.SelectMany(e => e.Save()), .. schedules.SelectMany(s => s.Save(at))];

    public void Restore(IEnumerable<SavedHold> holds, TimeSpan shift)
    {
        var rules = conditions.Select(c => c.Rule).Concat(events.Select(e => e.Rule)).Concat(schedules.Select(s => s.Rule)).ToList();
        var byName = rules.ToDictionary(r => r.Name, StringComparer.Ordinal);
        var byMeaning = rules.ToLookup(r => r.Fingerprint, StringComparer.Ordinal);
        // A clock that was set back takes all instants along, and what was over by the old time is not to run by the new; time that nobody saw counts for no `for`, and for all else.
        if (shift < TimeSpan.Zero)
        {
            foreach (var node in conditions) node.ForgetHolds();
            foreach (var node in schedules) node.ForgetCooldown();
            holds = holds.Select(h => h.MovedBy(shift));
        }

        foreach (var hold in holds)
        {
            if (MeantBy(hold, byName, byMeaning) is not { } rule) continue;
            if (rule.Trigger is Trigger.When) Restore(_byName[rule.Name], hold, shift);
            else if (rule.Trigger is Trigger.On) events.First(e => e.Rule.Name == rule.Name).Restore(hold);
            else schedules.First(s => s.Rule.Name == rule.Name).Restore(hold);
        }
    }

    private void Restore(ConditionNode node, SavedHold hold, TimeSpan shift)
    {
        if (hold.Subject is not { } subject) return;
        if (subject.Kind != node.Kind && node.RestoreCooldown(subject, hold.CoolUntil)) return;
        if (subject.Kind != node.Kind || memory.Table(node.Kind).FindRow(subject.Name) is not { } row) return;
        var since = hold.State == HoldState.Pending && shift > TimeSpan.Zero ? hold.Since + shift : hold.Since;
        node.Restore(row, HoldMachine.Restore(hold.State, since, hold.CoolUntil, hold.IgnoreBefore, hold.HasTold));
    }

    /// <summary>The rule that a hold belongs to: of its name, or, where a sentence without a name has moved to another line, the only one that means the same.</summary>
    private static Rule? MeantBy(SavedHold hold, Dictionary<string, Rule> byName, ILookup<string, Rule> byMeaning)
    {
        if (byName.TryGetValue(hold.Rule, out var named) && named.Fingerprint == hold.Fingerprint) return named;
        var same = byMeaning[hold.Fingerprint].Take(2).ToList();
        return same.Count == 1 ? same[0] : null;
    }
}
