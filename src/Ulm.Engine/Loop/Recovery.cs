using System.Globalization;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>After a restart: a step that was begun and whose end nobody saw is closed with what the first observation shows.</summary>
internal static class Recovery
{
    /// <summary>The host that a begun step was to power off, or null: its BMC may have the order still and carry it out late.</summary>
    public static string? PowerOffOf(JournalEntry begun) =>
        begun.Subject?.Split('/', 2) is ["host", var host] && (begun.Text.StartsWith(new PlannedAction.PowerOff(host).ToString(), StringComparison.Ordinal) || begun.Text.StartsWith(new PlannedAction.Suspend(host).ToString(), StringComparison.Ordinal)) ? host : null;

    /// <summary>The migration that an entry tells of, as the step it was; null: it tells of none.</summary>
    public static PlanStep? MigrationOf(JournalEntry begun)
    {
        if (begun.Subject?.Split('/', 2) is not ["vm", var vm] || begun.ToAction() is not { Kind: BegunKind.Move, From: { Length: > 0 } from }) return null;
        if (!int.TryParse(begun.Step?.Split('/')[^1], CultureInfo.InvariantCulture, out var id)) return null;
        var words = begun.Text[$"migrate vm {vm} from {from} to ".Length..].Split(' ');
        var urgency = Enum.GetValues<Urgency>().FirstOrDefault(u => MigrationManner.Adverb(MigrationManners.NameOf(u)).Trim() == words.ElementAtOrDefault(1), Urgency.Rule);
        return new PlanStep(id, [], new PlannedAction.Migrate(vm, from, words[0]), begun.Decision ?? "", begun.Rule ?? "", "begun by the last run") { Urgency = urgency };
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
