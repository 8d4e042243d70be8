using System.Collections.Immutable;
using System.Globalization;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Decisions;

/// <summary>
/// One winner per host, and per cluster, and instant. Order: priority, then what empties a host, then the more specific (a VM or host before a
/// cluster before the site; more comparisons), then the longer pending, then by name, so that equal input gives equal output. Decisions are
/// made in that order, each on the site as those before leave it. Who only tells, who only watches, and who would do nothing, takes nothing from anyone.
/// </summary>
public static class Arbiter
{
    /// <param name="already">Decisions made before at this instant: names go on counting after them.</param>
    /// <param name="serverMode">What the server may do at most.</param>
    /// <param name="inVain">Firings of which nothing comes.</param>
    public static (ImmutableArray<Decision> Winners, ImmutableArray<Outvoted> Losers) Choose(
        ImmutableArray<Firing> firings, Site site, DateTimeOffset at, int already = 0, RuleMode serverMode = RuleMode.Enforce, IReadOnlySet<(string Rule, SubjectRef? Subject)>? inVain = null)
    {
        var winners = ImmutableArray.CreateBuilder<Decision>();
        var losers = ImmutableArray.CreateBuilder<Outvoted>();
        var taken = new Dictionary<SubjectRef, Firing>();
        foreach (var firing in firings.Order(Comparer<Firing>.Create(Compare)))
        {
            var mode = Lower(firing.Rule.Mode, serverMode);
            if (Competes(firing.Rule, mode) && inVain?.Contains((firing.Rule.Name, firing.Subject)) != true && ActsOn(firing.Subject, site) is { } actsOn && !taken.TryAdd(actsOn, firing))
            {
                var winner = taken[actsOn];
                losers.Add(new Outvoted(firing.Rule, firing.Subject!.Value, $"{winner.Rule.Name} already acts on {Words(actsOn)}: {winner.Reason}") { Winner = (winner.Rule.Name, winner.Subject) });
                continue;
            }

            winners.Add(new Decision(DecisionId(at, already + winners.Count), firing.Rule, firing.Subject, at, firing.Reason) { Mode = mode, HasTold = firing.HasTold });
        }

        return (winners.ToImmutable(), losers.ToImmutable());
    }

    private static RuleMode Lower(RuleMode a, RuleMode b) => a < b ? a : b;

    private static bool Competes(Rule rule, RuleMode mode) => mode != RuleMode.Observe && !rule.Actions.All(a => a.OnlyTells);

    /// <summary>The host or cluster that only one may act on. Null: the whole site, or something that is gone.</summary>
    private static SubjectRef? ActsOn(SubjectRef? subject, Site site) => subject switch
    {
        { Kind: SubjectKind.Vm } vm => site.FindVm(vm.Name) is { } found ? SubjectRef.Host(found.Host) : null,
        _ => subject,
    };

    private static string Words(SubjectRef subject) => subject.Kind == SubjectKind.Cluster ? $"cluster {subject.Name}" : $"host {subject.Name}";

    private static int Compare(Firing a, Firing b)
    {
        ReadOnlySpan<int> differences =
        [
            b.Rule.Priority.CompareTo(a.Rule.Priority),
            EmptiesHost(b.Rule).CompareTo(EmptiesHost(a.Rule)),
            Breadth(a.Subject).CompareTo(Breadth(b.Subject)),
            b.Specificity.CompareTo(a.Specificity),
            a.Since.CompareTo(b.Since),
            string.CompareOrdinal(a.Rule.Name, b.Rule.Name),
            string.CompareOrdinal(a.Subject?.Name, b.Subject?.Name),
        ];
        foreach (var difference in differences) if (difference != 0) return difference;
        return 0;
    }

    private static bool EmptiesHost(Rule rule) => rule.Actions.Any(a => a is PolicyAction.Drain or PolicyAction.ShutDown or PolicyAction.EnterMaintenance);

    private static int Breadth(SubjectRef? subject) => subject switch
    {
        null => 2,
        { Kind: SubjectKind.Cluster } => 1,
        _ => 0,
    };

    /// <summary>Made of the instant and a number within it, so that a replayed tick names its decisions as the first time.</summary>
    private static string DecisionId(DateTimeOffset at, int index) =>
        $"d{at.UtcDateTime.ToString("yyyyMMdd-HHmmss.f", CultureInfo.InvariantCulture)}-{index + 1}";
}
