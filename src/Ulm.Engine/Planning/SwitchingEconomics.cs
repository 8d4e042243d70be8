using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Planning;

/// <summary>A time at which rules will have hosts powered on.</summary>
/// <param name="At">In the policies' zone.</param>
/// <param name="Hosts">How many are on by then, of each cluster; with <paramref name="More"/>, how many of those that are off come on then.</param>
/// <param name="Outside">Hosts that the rule does not touch.</param>
public sealed record ScheduledNeed(string Rule, DateTimeOffset At, int Hosts, bool More, ImmutableHashSet<string> Outside);

/// <summary>
/// Whether it pays to have a host off: what it does not draw until rules surely have it on again, against what its boot draws and the copying of
/// its VMs. As long as no schedule asks for it, being off is taken to pay: nobody knows for how long it will be.
/// </summary>
public sealed class SwitchingEconomics
{
    /// <summary>Per byte copied, source and target together: 0.512 J per MB (Liu et al., HPDC 2011, doi:10.1145/1996130.1996154).</summary>
    public const double CopyJoulesPerByte = 0.512e-6;

    /// <summary>For so long after its TIME a <c>have N hosts on by TIME</c> keeps them: people come then, and their load only after them.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private readonly SiteFacts _facts;
    private readonly ImmutableArray<ScheduledNeed> _needs;

    public SwitchingEconomics(SiteFacts facts, IEnumerable<ScheduledNeed> needs) => (_facts, _needs) = (facts, [.. needs.OrderBy(n => n.At)]);

    /// <summary>The next time, or the one that still keeps its hosts, of each rule that acts and powers hosts on by a schedule.</summary>
    public static SwitchingEconomics Of(IEnumerable<Rule> rules, SiteFacts facts)
    {
        var needs = new List<ScheduledNeed>();
        // What a window may hold back is not sure to come.
        foreach (var rule in rules.Where(r => r.Mode == RuleMode.Enforce && r.Guards.During.IsEmpty))
        {
            var (hosts, more) = rule.Trigger is Trigger.HaveOn have ? (have.Count, false) : (rule.Actions.OfType<PolicyAction.PowerOn>().Sum(a => a.Count), true);
            // The one that has come, as long as it keeps its hosts, is before the next.
            var after = more ? facts.At : facts.At - Kept;
            if (hosts > 0 && ScheduleCalculator.Next(rule.Trigger, after, facts.Zone) is { } at)
                needs.Add(new ScheduledNeed(rule.Name, at, hosts, more, RuleBounds.Outside(rule, facts)));
        }

        return new SwitchingEconomics(facts, needs);
    }

    /// <summary>True: no schedule asks for hosts, so that being off always pays.</summary>
    public bool IsEmpty => _needs.IsEmpty;

    /// <summary>Why a host is better left on; null: it pays to have it off, or nobody will surely ask for it.</summary>
    /// <param name="goesOffFrom">When it could be told to go off.</param>
    /// <param name="stayOn">Hosts that are on once this one is off, too.</param>
    /// <param name="copied">Bytes of VMs that have to be moved before.</param>
    public string? NotWorthOff(Host host, DateTimeOffset goesOffFrom, IReadOnlyCollection<Host> stayOn, long copied)
    {
        foreach (var need in _needs)
        {
            if (need.Outside.Contains(host.Name) || !IsSurelyWanted(need, host, stayOn)) continue;
            if (need.At <= _facts.At) return $"{need.Rule} has it on since {need.At:HH:mm}, and keeps it until {need.At + Kept:HH:mm}";
            var wokenAt = need.More ? need.At : need.At - HaveOnPlanner.LeadOf(host.BootTime, _facts.PollingInterval);
            var off = wokenAt - goesOffFrom - host.ShutdownTime;
            if (off <= TimeSpan.Zero) return $"{need.Rule} has it on again at {need.At:HH:mm}, before it could be off at all";
            var saved = (host.Power.At(0) - host.Power.OffWatts) * off.TotalSeconds;
            // Idle or booting, it draws something just before it is wanted: only the difference is the boot's price.
            var (boot, copying) = ((host.Power.At(1) - host.Power.At(0)) * host.BootTime.TotalSeconds, CopyJoulesPerByte * copied);
            if (saved > boot + copying) return null;
            return $"off for {Show.Duration(off)}, until {need.Rule} has it on again at {need.At:HH:mm}, saves {WattHours(saved)}; its boot costs {WattHours(boot)}" +
                (copied > 0 ? $" and moving {Show.Bytes(copied)} {WattHours(copying)}" : "");
        }

        return null;
    }

    private bool IsSurelyWanted(ScheduledNeed need, Host host, IReadOnlyCollection<Host> stayOn)
    {
        if (!need.More) return stayOn.Count(h => h.Cluster == host.Cluster && !need.Outside.Contains(h.Name)) < need.Hosts;
        var on = stayOn.Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        return _facts.Site.Hosts.Count(h => h.HasPowerControl && !need.Outside.Contains(h.Name) && !on.Contains(h.Name)) <= need.Hosts;
    }

    private static string WattHours(double joules) => FormattableString.Invariant($"{joules / 3600:0.##} Wh");
}
