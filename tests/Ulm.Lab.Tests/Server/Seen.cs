using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Ulm.Lab.Tests.Server;

/// <summary>A line that <c>ulm-server run</c> told on the screen: <c>18:42:07.3  pending   busy pending on host/h1, ...</c></summary>
public sealed partial record ScreenLine(string Whole, string Label, string Text)
{
    public static ScreenLine Of(string line) =>
        Form().Match(line) is { Success: true } parts ? new ScreenLine(line, parts.Groups[1].Value, parts.Groups[2].Value) : new ScreenLine(line, "", line);

    public override string ToString() => Whole;

    /// <summary>Of a line of figures: what munin said of a host's CPU, in per cent; null: unknown, or no such line.</summary>
    public int? CpuOf(string host) =>
        Label == "cpu" && Regex.Match(Text, $@"\b{host} (\d+)%") is { Success: true } found ? int.Parse(found.Groups[1].Value) : null;

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d  (in doubt|\S+) +(.*)$")]
    private static partial Regex Form();
}

// What a script reads from `--format json`: written down here once more, so that a change of the contract shows.

public sealed record JournalSeen(string Schema, ImmutableArray<EntrySeen> Entries);

public sealed record EntrySeen(
    long Sequence, DateTimeOffset At, string Kind, string Text, string? Rule, string? Subject, string? Step, string? Outcome);

public sealed record StatusSeen(
    string Schema, ImmutableArray<HostSeen> Hosts, ImmutableArray<VmSeen> Vms, ImmutableArray<RuleSeen> Rules, ImmutableArray<string> Faults)
{
    public HostSeen Host(string name) => Hosts.Single(h => h.Name == name);
}

public sealed record HostSeen(string Name, string State, double? Cpu, int Vms);

public sealed record VmSeen(string Name, string Host, double? Cpu);

public sealed record RuleSeen(string Name, string Location);
