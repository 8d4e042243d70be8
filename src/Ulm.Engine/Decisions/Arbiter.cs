using System.Collections.Immutable;
using System.Globalization;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Decisions;

/// <summary>
/// One winner per host and instant. Order: more specific first (more comparisons), then the longer pending, then by name, so that
/// equal input gives equal output. Rules over the whole site don't compete; they come after, on the site as the others leave it.
/// </summary>
public static class Arbiter
{
    /// <param name="already">Decisions made before at this instant: names go on counting after them.</param>
    public static (ImmutableArray<Decision> Winners, ImmutableArray<Outvoted> Losers) Choose(
        ImmutableArray<Firing> firings, Site site, DateTimeOffset at, int already = 0)
    {
        var winners = ImmutableArray.CreateBuilder<Decision>();
        var losers = ImmutableArray.CreateBuilder<Outvoted>();
        var taken = new Dictionary<string, Firing>(StringComparer.Ordinal);
        foreach (var firing in firings.Where(f => f.Subject is not null).Order(Comparer<Firing>.Create(Compare)))
        {
            var subject = firing.Subject!.Value;
            var host = subject.Kind == SubjectKind.Host ? subject.Name : site.Vm(subject.Name).Host;
            if (taken.TryGetValue(host, out var winner))
                losers.Add(new Outvoted(firing.Rule, subject, $"{winner.Rule.Name} already acts on host {host}: {winner.Reason}"));
            else
            {
                taken.Add(host, firing);
                winners.Add(Decide(firing, at, already + winners.Count));
            }
        }

        foreach (var firing in firings.Where(f => f.Subject is null).OrderBy(f => f.Since).ThenBy(f => f.Rule.Name, StringComparer.Ordinal))
            winners.Add(Decide(firing, at, already + winners.Count));
        return (winners.ToImmutable(), losers.ToImmutable());
    }

    private static int Compare(Firing a, Firing b)
    {
        var bySpecificity = b.Specificity.CompareTo(a.Specificity);
        if (bySpecificity != 0) return bySpecificity;
        var byAge = a.Since.CompareTo(b.Since);
        if (byAge != 0) return byAge;
        var byRule = string.CompareOrdinal(a.Rule.Name, b.Rule.Name);
        return byRule != 0 ? byRule : string.CompareOrdinal(a.Subject!.Value.Name, b.Subject!.Value.Name);
    }

    private static Decision Decide(Firing firing, DateTimeOffset at, int index) =>
        new(DecisionId(at, index), firing.Rule, firing.Subject, at, firing.Reason);

    /// <summary>Made of the instant and a number within it, so that a replayed tick names its decisions as the first time.</summary>
    private static string DecisionId(DateTimeOffset at, int index) =>
        $"d{at.UtcDateTime.ToString("yyyyMMdd-HHmmss.f", CultureInfo.InvariantCulture)}-{index + 1}";
}
