using System.Globalization;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>After a restart: a step that was begun and whose end nobody saw is closed with what the first observation shows.</summary>
internal static class Recovery
{
    /// <summary>The host that a begun step was to power off, or null: its BMC may have the order still and carry it out late.</summary>
    public static string? PowerOffOf(JournalEntry begun) => begun.ToAction() is { Kind: BegunKind.PowerOff } off ? off.Subject : null;

    /// <summary>The migration that an entry tells of, as the step it was; null: it tells of none.</summary>
    public static PlanStep? MigrationOf(JournalEntry begun)
    {
        if (begun is not { Begins: { Kind: BegunKind.Move, From: { } from, To: { } to } move, Subject: { } subject }) return null;
        if (!int.TryParse(begun.Step?.Split('/')[^1], CultureInfo.InvariantCulture, out var id)) return null;
        var action = new PlannedAction.Migrate(subject.Split('/', 2)[1], from, to) { MakesRoomFor = move.MakesRoomFor };
        return new PlanStep(id, [], action, begun.Decision ?? "", begun.Rule ?? "", "begun by the last run") { Urgency = move.Urgency };
    }

    public static JournalEntry Close(JournalEntry begun, Site site, DateTimeOffset at)
    {
        var found = begun.Subject?.Split('/', 2) switch
        {
            ["vm", var vm] => site.FindVm(vm) is { } seen ? Where(site.Host(seen.Host), seen) : $"vm {vm} is seen on no host",
            ["host", var host] => site.FindHost(host) is { } seen ? $"host {host} is {SiteFacts.Describe(seen.State)}" : $"host {host} is not in the inventory any more",
            _ => "what became of it can't be told",
        };
        return new JournalEntry(at, JournalKind.Ended, $"left unfinished by the last run: {begun.Text}; now {found}")
        {
            Decision = begun.Decision,
            Rule = begun.Rule,
            Subject = begun.Subject,
            Step = begun.Step,
            Outcome = "abandoned",
        };
    }

    private static string Where(Host host, Vm vm) => host.State == HostState.Unreachable
        ? $"vm {vm.Name} was last seen on {host.Name}, which does not answer"
        : $"vm {vm.Name} runs on {host.Name}";
}
