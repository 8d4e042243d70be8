namespace Ulm.Engine.Facts;

/// <summary>What kind of thing was begun.</summary>
public enum BegunKind
{
    Move,
    PowerOff,
    PowerOn,

    /// <summary>A host was ordered to be emptied.</summary>
    Close,
}

/// <summary>One thing that was begun, however it ended.</summary>
/// <param name="Subject">The VM that was moved, or the host that was switched or closed.</param>
/// <param name="From">The host a VM was moved off; of a host its own name.</param>
public sealed record BegunAction(DateTimeOffset At, BegunKind Kind, string Subject, string From, string Rule);

/// <summary>
/// What was begun and when: what budgets and cooldowns count. Filled from the journal at the start, so that a restart forgets nothing.
/// Used from the engine's one thread only.
/// </summary>
public sealed class ActionHistory
{
    /// <summary>The longest time over which anything is counted.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(31);

    /// <summary>What is older goes after so many more: looking for it costs as much as there is.</summary>
    private const int ForgetsEvery = 1024;

    private static readonly List<BegunAction> None = [];

    private int _added;

    private readonly List<BegunAction> _moves = [];
    private readonly Dictionary<string, List<BegunAction>> _ofVm = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<BegunAction>> _ofHost = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<BegunAction>> _ofRule = new(StringComparer.Ordinal);

    /// <summary>To be called in the order of time.</summary>
    public void Add(BegunAction begun)
    {
        if (++_added % ForgetsEvery == 0) ForgetBefore(begun.At - Kept);
        if (begun.Kind == BegunKind.Move)
        {
            _moves.Add(begun);
            Of(_ofVm, begun.Subject).Add(begun);
        }
        else Of(_ofHost, begun.Subject).Add(begun);

        Of(_ofRule, begun.Rule).Add(begun);
    }

    /// <summary>Null: not within the time that is kept.</summary>
    public DateTimeOffset? LastMoveOf(string vm) => _ofVm.GetValueOrDefault(vm, None) is [.., var last] ? last.At : null;

    /// <summary>The latest first.</summary>
    public IEnumerable<BegunAction> MovesOfVm(string vm, DateTimeOffset since) => Since(_ofVm.GetValueOrDefault(vm, None), since);

    public int MovesSince(DateTimeOffset since) => Since(_moves, since).Count();

    public int PowerOffsOf(string host, DateTimeOffset since) => Since(_ofHost.GetValueOrDefault(host, None), since).Count(b => b.Kind == BegunKind.PowerOff);

    /// <summary>When this host was last told to power on; null: not within the time that is kept.</summary>
    public DateTimeOffset? LastPowerOnOf(string host) => _ofHost.GetValueOrDefault(host, None).FindLast(b => b.Kind == BegunKind.PowerOn)?.At;

    /// <summary>Hosts that were told to power off since then, and not to power on after that.</summary>
    public IEnumerable<string> SwitchedOffLastSince(DateTimeOffset since) => _ofHost.Where(h => h.Value.FindLast(b => b.Kind is BegunKind.PowerOff or BegunKind.PowerOn) is { Kind: BegunKind.PowerOff } last && last.At >= since).Select(h => h.Key);

    public int MovesOf(string rule, DateTimeOffset since) => Since(_ofRule.GetValueOrDefault(rule, None), since).Count(b => b.Kind == BegunKind.Move);

    /// <summary>Hosts that VMs were moved off, or that were switched or closed, by this rule.</summary>
    public IEnumerable<string> HostsOf(string rule, DateTimeOffset since) => Since(_ofRule.GetValueOrDefault(rule, None), since).Select(b => b.From).Distinct(StringComparer.Ordinal);

    /// <summary>The clock was set back: what bears a time still to come was begun by now at the latest, or it would count for as long as it is to come.</summary>
    public void ClockWasSetBack(DateTimeOffset now)
    {
        foreach (var list in _ofVm.Values.Concat(_ofHost.Values).Concat(_ofRule.Values).Append(_moves))
            for (var i = list.Count - 1; i >= 0 && list[i].At > now; i--) list[i] = list[i] with { At = now };
    }

    private void ForgetBefore(DateTimeOffset at)
    {
        _moves.RemoveRange(0, _moves.Count - Since(_moves, at).Count());
        foreach (var lists in (Dictionary<string, List<BegunAction>>[])[_ofVm, _ofHost, _ofRule])
        {
            foreach (var (name, list) in lists.ToList())
            {
                list.RemoveRange(0, list.Count - Since(list, at).Count());
                if (list.Count == 0) lists.Remove(name);
            }
        }
    }

    private static IEnumerable<BegunAction> Since(List<BegunAction> list, DateTimeOffset since)
    {
        for (var i = list.Count - 1; i >= 0 && list[i].At >= since; i--) yield return list[i];
    }

    private static List<BegunAction> Of(Dictionary<string, List<BegunAction>> lists, string name)
    {
        if (!lists.TryGetValue(name, out var list)) lists.Add(name, list = []);
        return list;
    }
}
