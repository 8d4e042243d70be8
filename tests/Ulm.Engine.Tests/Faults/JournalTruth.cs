using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Faults;

/// <summary>Holds the journal to what is true in the world as it is written.</summary>
internal static class JournalTruth
{
    /// <summary>What is not so, or null.</summary>
    public static string? Belies(JournalEntry entry, World world)
    {
        if (entry is not { Kind: JournalKind.Ended, Outcome: "succeeded", Subject: { } subject }) return null;
        var name = subject[(subject.IndexOf('/') + 1)..];
        if (entry.Text.StartsWith("migrate vm", StringComparison.Ordinal))
        {
            var to = entry.Text.Split(" to ")[1].Split(':')[0];
            return world.Vms.TryGetValue(name, out var vm) && vm.Host != to ? $"vm {name} is on {vm.Host}" : null;
        }

        if (entry.Text.StartsWith("power off", StringComparison.Ordinal)) return Not(HostState.Off);
        return entry.Text.StartsWith("power on", StringComparison.Ordinal) ? Not(HostState.On) : null;

        string? Not(HostState state) => world.Hosts[name].State != state ? $"host {name} is {world.Hosts[name].State}" : null;
    }

    /// <summary>What was begun has exactly one end (one in doubt is closed by the next run); nothing ends that was not begun.</summary>
    public static IEnumerable<string> Unpaired(IReadOnlyList<JournalEntry> journal)
    {
        var begun = journal.Where(e => e.Kind == JournalKind.Begun).Select(e => e.Step).ToList();
        var ended = journal.Where(e => e.Kind == JournalKind.Ended).Select(e => e.Step).ToList();
        var settled = journal.Where(e => e.Kind == JournalKind.Ended && e.Outcome != "in doubt").Select(e => e.Step).ToList();
        foreach (var step in begun.GroupBy(s => s).Where(g => g.Count() > 1)) yield return $"step {step.Key} was begun twice";
        foreach (var step in settled.GroupBy(s => s).Where(g => g.Count() > 1)) yield return $"step {step.Key} ended twice";
        foreach (var step in ended.Except(begun)) yield return $"step {step} ended and was not begun";
        foreach (var step in begun.Except(ended)) yield return $"step {step} has no end";
    }
}
