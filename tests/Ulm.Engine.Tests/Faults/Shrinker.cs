using System.Collections.Immutable;

namespace Ulm.Engine.Tests.Faults;

/// <summary>Makes a scenario that fails smaller for as long as it still fails: troubles, sentences, VMs and hosts are dropped, then time.</summary>
internal static class Shrinker
{
    private const int MostTries = 400;

    /// <param name="fails">Plays a scenario; it must be the same each time.</param>
    public static Scenario Shrink(Scenario scenario, Func<Scenario, bool> fails)
    {
        var tries = 0;
        for (var smaller = true; smaller && tries < MostTries;)
        {
            smaller = false;
            foreach (var candidate in Candidates(scenario))
            {
                if (++tries > MostTries) break;
                if (!Fails(candidate)) continue;
                (scenario, smaller) = (candidate, true);
                break;
            }
        }

        return scenario;

        // One that was cut so that it means nothing any more is no smaller case.
        bool Fails(Scenario candidate)
        {
            try
            {
                return fails(candidate);
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Large cuts first.</summary>
    private static IEnumerable<Scenario> Candidates(Scenario s)
    {
        foreach (var cut in Cuts(s.Troubles)) yield return s with { Troubles = cut };
        foreach (var cut in Cuts(s.Sentences)) yield return s with { Sentences = cut };
        foreach (var cut in Cuts(s.Vms)) yield return s with { Vms = cut };
        foreach (var cut in Cuts(s.Hosts))
        {
            var left = cut.Select(h => h.Name).ToHashSet();
            yield return s with
            {
                Hosts = cut,
                Vms = [.. s.Vms.Where(v => left.Contains(v.Host))],
                Troubles = [.. s.Troubles.Where(t => t.Host is null || left.Contains(t.Host))],
            };
        }

        var over = s.Troubles.Select(t => t.At + t.For).DefaultIfEmpty().Max() + RandomScenarios.Calm;
        if (s.Duration * 0.75 > over) yield return s with { Duration = s.Duration * 0.75 };
        foreach (var trouble in s.Troubles.Where(t => t.For > TimeSpan.FromMinutes(2))) yield return s with { Troubles = s.Troubles.Replace(trouble, trouble with { For = trouble.For / 2 }) };
    }

    private static IEnumerable<ImmutableArray<T>> Cuts<T>(ImmutableArray<T> all)
    {
        for (var size = (all.Length + 1) / 2; size >= 1; size /= 2)
            for (var from = 0; from < all.Length; from += size) yield return all.RemoveRange(from, Math.Min(size, all.Length - from));
    }
}
