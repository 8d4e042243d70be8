using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>A plan that waits for somebody's word.</summary>
/// <param name="Id">What is approved by: <c>p20260105-200000</c>.</param>
/// <param name="Decisions">Those it carries out.</param>
/// <param name="Expires">From then on it can't be approved any more.</param>
/// <param name="Site">As it was planned on.</param>
public sealed record PendingPlan(string Id, Plan Plan, ImmutableArray<Decision> Decisions, DateTimeOffset Expires, Site Site);

/// <summary>
/// Recommended plans until they are approved, rejected, too old, or overtaken by policies or a site that have changed: a plan rests on what its rules say,
/// on where VMs are and on which hosts are on, and is not carried out where these are others. Used from the engine's thread only.
/// </summary>
internal sealed class Approvals(TimeSpan expiresAfter)
{
    /// <summary>Of so many plans it is remembered what became of them.</summary>
    private const int MostRemembered = 50;

    private readonly List<PendingPlan> _pending = [];
    private readonly List<(string Id, string Because)> _gone = [];

    public IReadOnlyList<PendingPlan> Pending => _pending;

    /// <summary>Keeps a recommended plan. One that says the same as one that waits is not told again: null.</summary>
    public PendingPlan? Add(Plan recommended, ImmutableArray<Decision> decisions, SiteFacts facts)
    {
        var texts = Texts(recommended);
        if (recommended.Steps.IsEmpty || _pending.Any(p => Texts(p.Plan).SetEquals(texts))) return null;
        var id = $"p{facts.At.UtcDateTime:yyyyMMdd-HHmmss}";
        if (_pending.Any(p => p.Id == id)) id += $"-{_pending.Count}";
        var pending = new PendingPlan(id, recommended, decisions, facts.At + expiresAfter, facts.Site);
        _pending.Add(pending);
        return pending;
    }

    /// <summary>Takes out what can't be approved any more, with the reason.</summary>
    public IReadOnlyList<(PendingPlan Plan, string Because)> Withdraw(SiteFacts facts, PolicySet inForce)
    {
        if (_pending.Count == 0) return [];
        var hash = FactsHash.Of(facts);
        var gone = _pending.Select(p => (Plan: p, Because: Against(p, hash, facts, inForce))).Where(p => p.Because is not null).Select(p => (p.Plan, p.Because!)).ToList();
        foreach (var (plan, because) in gone) Take(plan.Id, because);
        return gone;
    }

    /// <summary>Why a plan can't be carried out: there is none of this name, what became of it, or what has changed since. Null: it can.</summary>
    public string? WhyNot(string id, SiteFacts facts, PolicySet inForce)
    {
        if (_pending.Find(p => p.Id == id) is { } plan) return (Against(plan, FactsHash.Of(facts), facts, inForce) ?? OverBudget(plan, facts)) is { } against ? $"plan {id} {against}" : null;
        var waiting = _pending.Count == 0 ? "none waits for approval" : $"there {(_pending.Count == 1 ? "is" : "are")} {string.Join(", ", _pending.Select(p => p.Id))}";
        return _gone.FindLast(g => g.Id == id) is { Id: not null } gone ? $"plan {id} {gone.Because}; {waiting}" : $"no plan {id} waits for approval; {waiting}";
    }

    /// <summary>Remembers what became of a plan that is not there.</summary>
    public void Forget(string id, string because) => _gone.Add((id, because));

    /// <summary>Takes a plan out that is there.</summary>
    /// <param name="because">What became of it, for whoever asks for it later.</param>
    public PendingPlan Take(string id, string because)
    {
        var plan = _pending.Single(p => p.Id == id);
        _pending.Remove(plan);
        _gone.Add((id, because));
        if (_gone.Count > MostRemembered) _gone.RemoveAt(0);
        return plan;
    }

    private static string? Against(PendingPlan plan, string hash, SiteFacts facts, PolicySet inForce) =>
        facts.At >= plan.Expires ? $"was to be approved by {plan.Expires:yyyy-MM-dd HH:mm:ss}"
        : plan.Decisions.FirstOrDefault(d => d is { Ordered: null, Upkeep: null } && !inForce.Rules.Any(r => r.Fingerprint == d.Rule.Fingerprint)) is { } outdated
            ? $"was decided by rule {outdated.Rule.Name}, which was changed or taken out since"
        : plan.Plan.FactsHash != hash ? $"rests on a site that has changed since: {SiteChanges.Between(plan.Site, facts.Site)}"
        : null;

    /// <summary>Its rules have done more since it was planned, such as by other plans of theirs. It waits on: the time that a budget is for may pass before the plan does.</summary>
    private static string? OverBudget(PendingPlan plan, SiteFacts facts) => plan.Decisions.Select(d => d.Rule).DistinctBy(r => r.Name)
        .Select(r => (Rule: r, Spent: PlanBudgets.SpentSince(r, [.. plan.Plan.Steps.Where(s => s.Rule == r.Name).Select(s => s.Action.Begins(s.Rule, facts.At)).OfType<BegunAction>()], facts)))
        .Where(s => s.Spent is not null).Select(s => $"is more than rule {s.Rule.Name} may do now: {s.Spent!.Reason}").FirstOrDefault();

    private static HashSet<string> Texts(Plan plan) => [.. plan.Steps.Select(s => $"{s.Rule}: {s.Action}")];
}
