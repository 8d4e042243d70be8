using System.Collections.Immutable;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>A plan that waits for somebody's word.</summary>
/// <param name="Id">What is approved by: <c>p20260105-200000</c>.</param>
/// <param name="Decisions">Those it carries out.</param>
/// <param name="Expires">From then on it can't be approved any more.</param>
public sealed record PendingPlan(string Id, Plan Plan, ImmutableArray<Decision> Decisions, DateTimeOffset Expires);

/// <summary>
/// Recommended plans until they are approved, rejected, too old, or overtaken by a site that has changed: a plan rests on where VMs are and on
/// which hosts are on, and is not carried out on another site. Not kept over restarts. Used from the engine's thread only.
/// </summary>
internal sealed class Approvals(TimeSpan expiresAfter)
{
    private readonly List<PendingPlan> _pending = [];

    public IReadOnlyList<PendingPlan> Pending => _pending;

    /// <summary>Keeps a recommended plan. One that says the same as one that waits is not told again: null.</summary>
    public PendingPlan? Add(Plan recommended, ImmutableArray<Decision> decisions, DateTimeOffset at)
    {
        var texts = Texts(recommended);
        if (recommended.Steps.IsEmpty || _pending.Any(p => Texts(p.Plan).SetEquals(texts))) return null;
        var id = $"p{at.UtcDateTime:yyyyMMdd-HHmmss}";
        if (_pending.Any(p => p.Id == id)) id += $"-{_pending.Count}";
        var pending = new PendingPlan(id, recommended, decisions, at + expiresAfter);
        _pending.Add(pending);
        return pending;
    }

    /// <summary>Takes out what can't be approved any more, with the reason.</summary>
    public IReadOnlyList<(PendingPlan Plan, string Because)> Withdraw(SiteFacts facts)
    {
        if (_pending.Count == 0) return [];
        var hash = FactsHash.Of(facts);
        var gone = _pending.Where(p => Against(p, hash, facts.At) is not null).Select(p => (p, Against(p, hash, facts.At)!)).ToList();
        foreach (var (plan, _) in gone) _pending.Remove(plan);
        return gone;
    }

    /// <summary>Takes a plan out. Null with the reason: there is none of this name, or it can't be carried out any more.</summary>
    public (PendingPlan? Plan, string Because) Take(string id, SiteFacts facts)
    {
        if (_pending.Find(p => p.Id == id) is not { } plan)
            return (null, _pending.Count == 0 ? $"no plan {id} waits for approval; none does" : $"no plan {id} waits for approval; there are {string.Join(", ", _pending.Select(p => p.Id))}");
        if (Against(plan, FactsHash.Of(facts), facts.At) is { } against) return (null, $"plan {id} {against}");
        _pending.Remove(plan);
        return (plan, "");
    }

    private static string? Against(PendingPlan plan, string hash, DateTimeOffset at) =>
        at >= plan.Expires ? $"was to be approved by {plan.Expires:yyyy-MM-dd HH:mm:ss}"
        : plan.Plan.FactsHash != hash ? "rests on a site that has changed since: VMs or hosts are in other places or states"
        : null;

    private static HashSet<string> Texts(Plan plan) => [.. plan.Steps.Select(s => $"{s.Rule}: {s.Action}")];
}
