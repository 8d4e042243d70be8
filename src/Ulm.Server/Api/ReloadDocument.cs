using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Loop;
using Ulm.Engine.Rules;
using Ulm.Server.Policies;
using Ulm.Server.Schedules;

namespace Ulm.Server.Api;

/// <summary>What a reload does, or would do, to the rules in force: <c>ulm.reload/1</c>.</summary>
/// <param name="Taken">True: these policies are in force now.</param>
/// <param name="Faults">Of the policies, for people; then nothing else is said, and those in force stay.</param>
/// <param name="Unchanged">Rules that mean what they meant.</param>
/// <param name="Renamed">Rules that mean what they meant under another name, such as one without a name that stands on another line.</param>
/// <param name="Schedules">Rules by the clock whose next time is another one, or that come or go.</param>
/// <param name="Before">What the next look would decide as things stand now, schedules aside; under the policies in force.</param>
/// <param name="After">The same under the new ones.</param>
public sealed record ReloadDocument(
    string Schema,
    bool DryRun,
    bool Taken,
    bool Usable,
    string Faults,
    int Unchanged,
    ImmutableArray<string> Added,
    ImmutableArray<string> Removed,
    ImmutableArray<string> Changed,
    ImmutableArray<ReloadDocument.Rename> Renamed,
    ImmutableArray<ReloadDocument.Clock> Kept,
    ImmutableArray<ReloadDocument.Clock> Reset,
    ImmutableArray<ReloadDocument.ScheduleChange> Schedules,
    ReloadDocument.NextLook? Before,
    ReloadDocument.NextLook? After)
{
    public const string SchemaName = "ulm.reload/1";

    public bool ChangesRules => !Added.IsEmpty || !Removed.IsEmpty || !Changed.IsEmpty;

    public sealed record Rename(string From, string To);

    /// <summary>A hold clock that runs: pending, firing or cooling.</summary>
    public sealed record Clock(string Rule, string Subject, string State, DateTimeOffset Since);

    /// <param name="Before">When it fires next under the policies in force, local time with its zone's offset; null: not any more, or there is no such rule.</param>
    /// <param name="After">The same under the new ones.</param>
    public sealed record ScheduleChange(string Rule, string? Before, string? After);

    /// <param name="Decisions"><c>relieve on host/h1: host.cpu = 81% &gt; 75% for 10m</c></param>
    public sealed record NextLook(ImmutableArray<string> Decisions, PlanDocument Plan);

    /// <summary>To be called on the engine's thread, before the policies are replaced.</summary>
    internal static ReloadDocument Of(ControlLoop loop, LoopOptions options, PolicyReload reload, bool dryRun)
    {
        if (!reload.Usable) return new ReloadDocument(SchemaName, dryRun, false, false, reload.Faults, 0, [], [], [], [], [], [], [], null, null);
        var facts = loop.FactsNow(loop.FactsNow().At + options.PollingInterval);
        var (old, @new) = (loop.Look.Policies.Rules, reload.Result.Policies.Rules);
        var (after, kept) = Preview.OfReplaced(reload.Result.Policies, loop.Look, facts, options.Limits);
        var goOn = kept.Select(h => (h.Fingerprint, h.Subject, h.State, h.Since)).ToHashSet();
        var clocks = loop.Look.Rules.SaveHolds().Where(h => h.State != HoldState.Inactive).ToLookup(h => goOn.Contains((h.Fingerprint, h.Subject, h.State, h.Since)), ClockOf);
        var renamed = Renames(old, @new);
        return new ReloadDocument(
            SchemaName, dryRun, !dryRun, true, reload.Faults,
            old.Count(o => @new.Any(n => n.Name == o.Name && n.Fingerprint == o.Fingerprint)),
            [.. @new.Where(n => old.All(o => o.Name != n.Name) && renamed.All(r => r.To != n.Name)).Select(n => n.Name)],
            [.. old.Where(o => @new.All(n => n.Name != o.Name) && renamed.All(r => r.From != o.Name)).Select(o => o.Name)],
            [.. @new.Where(n => old.Any(o => o.Name == n.Name && o.Fingerprint != n.Fingerprint)).Select(n => n.Name)],
            renamed, [.. clocks[true]], [.. clocks[false]], OtherTimes(loop, options, reload.Result.Policies, renamed),
            Next(Preview.OfRunning(loop.Look, facts, options.Limits)), Next(after));
    }

    /// <summary>As clocks are kept: where the only rule that is gone and the only one that is new with that meaning are one.</summary>
    private static ImmutableArray<Rename> Renames(ImmutableArray<Rule> old, ImmutableArray<Rule> @new)
    {
        var gone = old.Where(o => @new.All(n => n.Name != o.Name)).ToLookup(o => o.Fingerprint, StringComparer.Ordinal);
        var come = @new.Where(n => old.All(o => o.Name != n.Name)).ToLookup(n => n.Fingerprint, StringComparer.Ordinal);
        return [.. from rules in gone where rules.Count() == 1 && come[rules.Key].Count() == 1 select new Rename(rules.Single().Name, come[rules.Key].Single().Name)];
    }

    private static ImmutableArray<ScheduleChange> OtherTimes(ControlLoop loop, LoopOptions options, PolicySet policies, ImmutableArray<Rename> renamed)
    {
        var facts = loop.FactsNow();
        var leads = HaveOnLeads.OfRunning(facts);
        var before = NextTimes(ScheduleDocument.Of(loop.Look.Policies, loop.Zone, facts.At, 1, leads));
        var after = NextTimes(ScheduleDocument.Of(policies, policies.TimeZone ?? options.TimeZone, facts.At, 1, leads));
        foreach (var rename in renamed)
        {
            if (before.Remove(rename.From, out var next)) before.Add(rename.To, next);
        }

        return
        [
            .. from rule in before.Keys.Union(after.Keys, StringComparer.Ordinal)
               let was = before.GetValueOrDefault(rule)
               let @is = after.GetValueOrDefault(rule)
               where was != @is || before.ContainsKey(rule) != after.ContainsKey(rule)
               select new ScheduleChange(rule, was, @is),
        ];
    }

    private static Dictionary<string, string?> NextTimes(ScheduleDocument schedule) =>
        schedule.Rules.ToDictionary(r => r.Rule, r => r.Times.IsEmpty ? null : r.Times[0].Local, StringComparer.Ordinal);

    private static Clock ClockOf(SavedHold hold) => new(hold.Rule, hold.Subject?.ToString() ?? "site", hold.State.ToString().ToLowerInvariant(), hold.Since);

    private static NextLook Next(LookResult look) =>
        new([.. look.Decisions.Select(d => $"{d.Rule.Name}{(d.Subject is { } s ? $" on {s}" : "")}: {d.Reason}")], PlanDocument.Of(look.Plan));
}
