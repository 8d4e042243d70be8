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
/// <param name="Orders">That hosts were under then.</param>
public sealed record PendingPlan(string Id, Plan Plan, ImmutableArray<Decision> Decisions, DateTimeOffset Expires, Site Site, ImmutableDictionary<string, HostOrder> Orders);

/// <summary>
/// Recommended plans until they are approved, rejected, too old, or overtaken by policies or a site that have changed: a plan rests on what its rules say,
/// on where VMs are, on which hosts are on and on what they are ordered to be, and is not carried out where these are others, or on what somebody holds. Used from the engine's thread only.
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
        for (var (first, more) = (id, 1); _pending.Any(p => p.Id == id); more++) id = $"{first}-{more}";
        var pending = new PendingPlan(id, recommended, decisions, facts.At + expiresAfter, facts.Site, facts.Orders);
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
    public string? WhyNotApproved(string id, SiteFacts facts, PolicySet inForce) => WhyNot(id, plan => Against(plan, FactsHash.Of(facts), facts, inForce) ?? HeldBack(plan, facts) ?? OverBudget(plan, facts));

    /// <summary>Why there is nothing to be dropped. What only waits, for the end of a hold or of a budget's time, can be.</summary>
    public string? WhyNotRejected(string id, SiteFacts facts, PolicySet inForce) => WhyNot(id, plan => Against(plan, FactsHash.Of(facts), facts, inForce));

    private string? WhyNot(string id, Func<PendingPlan, string?> against)
    {
        if (_pending.Find(p => p.Id == id) is { } plan) return against(plan) is { } because ? $"plan {id} {because}" : null;
        var waiting = $"{(_pending.Count == 0 ? "none" : string.Join(", ", _pending.Select(p => p.Id)))} {(_pending.Count < 2 ? "waits" : "wait")} for approval";
        return _gone.FindLast(g => g.Id == id) is { Id: not null } gone ? $"plan {id} {gone.Because}; {waiting}" : $"there is no plan {id}; {waiting}";
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
        : HostsOf(plan).FirstOrDefault(h => facts.Orders.GetValueOrDefault(h) != plan.Orders.GetValueOrDefault(h)) is { } host ? $"is about host {host}, {(facts.Orders.GetValueOrDefault(host) is { } order ? $"for which {order.OrderedSince}" : "whose order has ended since")}"
        : null;

    /// <summary>Hosts that it switches, closes or opens.</summary>
    private static IEnumerable<string> HostsOf(PendingPlan plan) => plan.Plan.Steps.Select(s => s.Action.Subject).OfType<SubjectRef>().Where(s => s.Kind == SubjectKind.Host).Select(s => s.Name).Distinct(StringComparer.Ordinal);

    /// <summary>Somebody wants left as it is what it would act on. It waits on: the hold may end before it does.</summary>
    private static string? HeldBack(PendingPlan plan, SiteFacts facts)
    {
        var moved = plan.Plan.Steps.Select(s => s.Action).OfType<PlannedAction.Migrate>().ToList();
        return HostsOf(plan).Concat(moved.Select(m => m.To)).Select(facts.Site.FindHost).OfType<Host>().Select(facts.HoldOn)
            .Concat(moved.Select(m => facts.Site.FindVm(m.Vm)).OfType<Vm>().Select(facts.HoldOn)).OfType<OperatorHold>().FirstOrDefault() is { } hold ? $"is about what is held: {hold}" : null;
    }

    /// <summary>Its rules have done more since it was planned, such as by other plans of theirs. It waits on: the time that a budget is for may pass before the plan does.</summary>
    private static string? OverBudget(PendingPlan plan, SiteFacts facts) => plan.Decisions.Select(d => d.Rule).DistinctBy(r => r.Name)
        .Select(r => (Rule: r, Spent: PlanBudgets.SpentSince(r, [.. plan.Plan.Steps.Where(s => s.Rule == r.Name).Select(s => s.Action.Begins(s.Rule, facts.At)).OfType<BegunAction>()], facts)))
        .Where(s => s.Spent is not null).Select(s => $"is more than rule {s.Rule.Name} may do now: {s.Spent!.Reason}").FirstOrDefault();

    private static HashSet<string> Texts(Plan plan) => [.. plan.Steps.Select(s => $"{s.Rule}: {s.Action}")];
}
