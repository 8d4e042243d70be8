using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>A VM that is left alone for a while, and the move that it rests from.</summary>
/// <param name="Times">How many moves of the same rule followed one another so.</param>
public sealed record Rest(BegunAction From, DateTimeOffset Until, int Times);

/// <summary>
/// The brake of moves that rules make for the sake of a host's load: what was moved so lately, by whomever, stays where it is, as rules of opposite minds and rules that
/// no move can satisfy would send it to and fro. Told by the journal, so that a restart forgets nothing. Draining, orders and mending a constraint know no brake.
/// </summary>
public static class MoveRest
{
    /// <summary>How long a VM rests.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(30);

    /// <summary>How long at most, where each rest is twice as long as the one before.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How far back it is seen whether they follow one another: such rests add up to less than three days until they are as long as they get.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromDays(7);

    /// <summary>The rest of a VM, or of one that goes with it; null: none of them was moved that lately.</summary>
    /// <param name="inVain">A rule of which no move ends what it is for: of its moves each that comes as soon as it may makes the rest twice as long.</param>
    public static Rest? Of(Placement placement, Vm vm, Rule? inVain = null)
    {
        foreach (var v in placement.Constraints.UnitOf(placement.IndexOf(vm)))
            if (Of(placement.Facts, placement.Site.Vms[v], inVain) is { } rest) return rest;
        return null;
    }

    /// <summary>It was moved off that host a short while ago: to go back would undo that.</summary>
    public static bool HasLeft(SiteFacts facts, Vm vm, Host host) => LeftAt(facts, vm, host) is not null;

    /// <summary>The move off that host; null: there was none a short while ago.</summary>
    public static BegunAction? LeftAt(SiteFacts facts, Vm vm, Host host) =>
        vm.Host == host.Name ? null : facts.History.MovesOfVm(vm.Name, facts.At - Time).FirstOrDefault(m => m.From == host.Name && m.At > facts.At - Time);

    /// <summary>When and by what it was moved, and until when it rests.</summary>
    public static string Why(Rest rest, SiteFacts facts) =>
        $"{Moved(rest.From, facts)}{(rest.Times > 1 ? $", {rest.Times} times in a row and to no end" : "")}; left alone until {Show.Time(rest.Until, facts.Zone)}";

    /// <summary>Of the host that it was moved off.</summary>
    public static string WhyNotBack(BegunAction left, SiteFacts facts) => $"is where it came from {Show.Duration(facts.At - left.At)} ago by {left.Rule}, and takes it back from {Show.Time(left.At + Time, facts.Zone)} on";

    /// <summary>When and by what it was moved.</summary>
    public static string Moved(BegunAction last, SiteFacts facts) => $"was moved off {last.From} {Show.Duration(facts.At - last.At)} ago by {last.Rule}";

    /// <summary>A move that left its VM where it was has failed: it counts for nothing here.</summary>
    private static Rest? Of(SiteFacts facts, Vm vm, Rule? inVain)
    {
        var last = facts.History.MovesOfVm(vm.Name, facts.At - (inVain is null ? Time : Longest)).FirstOrDefault();
        if (last is null || last.From == vm.Host) return null;
        var (time, times) = inVain is not null && last.Rule == inVain.Name ? After(facts, vm, inVain) : (Time, 1);
        return last.At + time > facts.At ? new Rest(last, last.At + time, times) : null;
    }

    /// <summary>How long it rests after its last move, and after how many that followed one another so closely that the rule can have been content with none.</summary>
    private static (TimeSpan Time, int Times) After(SiteFacts facts, Vm vm, Rule rule)
    {
        // Until a rule asks again that goes on being true: its own times, and half of the rest for others that take their turn first.
        var soon = (rule.Trigger is Trigger.When when ? when.For : default) + (rule.Cooldown ?? default) + 10 * facts.PollingInterval;
        var (time, times, before) = (Time, 0, (BegunAction?)null);
        foreach (var move in facts.History.MovesOfVm(vm.Name, facts.At - LooksBack).Reverse())
        {
            var again = before is not null && before.Rule == rule.Name && move.Rule == rule.Name && move.At - before.At <= time * 1.5 + soon;
            (time, times) = again ? (time * 2 < Longest ? time * 2 : Longest, times + 1) : (Time, 1);
            before = move;
        }

        return (time, times);
    }
}
