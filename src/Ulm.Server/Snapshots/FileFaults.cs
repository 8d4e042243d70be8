using System.Collections.Immutable;
using System.Text;

namespace Ulm.Server.Snapshots;

/// <summary>One thing that is wrong in a file of data.</summary>
/// <param name="Line">From 1; 0 where the fault has no one place.</param>
/// <param name="Column">From 1, in characters; 0: the line as a whole.</param>
/// <param name="Path">The place in words of the format, such as <c>hosts[3].cpus</c>; null where the line says enough.</param>
public sealed record FileFault(string File, int Line, int Column, string? Path, string Message, string? Help)
{
    public string Where
    {
        get
        {
            var place = Line == 0 ? File : Column == 0 ? $"{File}:{Line}" : $"{File}:{Line}:{Column}";
            return Path is null ? place : $"{place} ({Path})";
        }
    }
}

/// <summary>Collects the faults of one file, so that they are told in one run. Keeps as many as anybody reads and counts the rest.</summary>
public sealed class FileFaults(string file)
{
    public const int Kept = 30;

    private readonly List<FileFault> _kept = [];

    public string File => file;

    public int Count { get; private set; }

    public bool Any => Count > 0;

    /// <summary>False: a further fault is only counted, so that help for it need not be looked for.</summary>
    public bool WantsMore => _kept.Count < Kept;

    public ImmutableArray<FileFault> Found => [.. _kept];

    public void Add(string message, string? help = null, int line = 0, int column = 0, string? path = null)
    {
        Count++;
        if (WantsMore) _kept.Add(new FileFault(file, line, column, path, message, help));
    }

    internal void Add(JsonNode at, TextPositions positions, string message, string? help = null)
    {
        var (line, column) = WantsMore ? positions.Of(at.Offset) : default;
        Add(message, help, line, column, WantsMore && at.Name != JsonNode.Document ? at.Path : null);
    }

    /// <summary>All of them for people, the first on top.</summary>
    public string Report()
    {
        var text = new StringBuilder(Count == 1 ? $"{file} can't be used:\n" : $"{file} can't be used, for {Count} reasons:\n");
        foreach (var fault in _kept.OrderBy(f => f.Line).ThenBy(f => f.Column))
        {
            text.Append("\nerror: ").Append(Printable(fault.Message)).Append("\n --> ").Append(Printable(fault.Where));
            if (fault.Help is not null) text.Append("\n  = help: ").Append(Printable(fault.Help));
            text.Append('\n');
        }

        if (Count > _kept.Count) text.Append($"\n... and {Count - _kept.Count} more\n");
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>What comes from a file may not steer a terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
