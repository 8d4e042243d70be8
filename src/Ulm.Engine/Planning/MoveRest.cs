using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>
/// The brake of moves that rules make for the sake of a host's load: what was moved so lately, by whomever, stays where it is, as rules of opposite minds and rules that
/// no move can satisfy would send it to and fro. Told by the journal, so that a restart forgets nothing. Draining, orders and mending a constraint know no brake.
/// </summary>
public static class MoveRest
{
    /// <summary>How long a VM rests.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(30);

    /// <summary>The move that a VM, or one that goes with it, rests from; null: none of them was moved that lately.</summary>
    public static BegunAction? Of(Placement placement, Vm vm)
    {
        foreach (var v in placement.Constraints.UnitOf(placement.IndexOf(vm)))
            if (LastOf(placement.Facts, placement.Site.Vms[v]) is { } last) return last;
        return null;
    }

    /// <summary>It was moved off that host a short while ago: to go back would undo that.</summary>
    public static bool HasLeft(SiteFacts facts, Vm vm, Host host) => LeftAt(facts, vm, host) is not null;

    /// <summary>The move off that host; null: there was none a short while ago.</summary>
    public static BegunAction? LeftAt(SiteFacts facts, Vm vm, Host host) =>
        vm.Host == host.Name ? null : facts.History.MovesOfVm(vm.Name, facts.At - Time).FirstOrDefault(m => m.From == host.Name && m.At > facts.At - Time);

    /// <summary>When and by what it was moved, and until when it rests.</summary>
    public static string Why(BegunAction last, SiteFacts facts) => $"{Moved(last, facts)}; left alone until {Show.Time(last.At + Time, facts.Zone)}";

    /// <summary>Of the host that it was moved off.</summary>
    public static string WhyNotBack(BegunAction left, SiteFacts facts) => $"is where it came from {Show.Duration(facts.At - left.At)} ago by {left.Rule}, and takes it back from {Show.Time(left.At + Time, facts.Zone)} on";

    /// <summary>When and by what it was moved.</summary>
    public static string Moved(BegunAction last, SiteFacts facts) => $"was moved off {last.From} {Show.Duration(facts.At - last.At)} ago by {last.Rule}";

    /// <summary>A move that left its VM where it was has failed: it counts for nothing here.</summary>
    private static BegunAction? LastOf(SiteFacts facts, Vm vm) =>
        facts.History.MovesOfVm(vm.Name, facts.At - Time).FirstOrDefault() is { } last && last.From != vm.Host && last.At > facts.At - Time ? last : null;
}
