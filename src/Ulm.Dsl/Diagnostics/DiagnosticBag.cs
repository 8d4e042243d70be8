using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>Collects what the stages say; keeps one file from saying more than anybody reads.</summary>
internal sealed class DiagnosticBag
{
    private readonly Dictionary<string, int> _perFile = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> _all = [];

    public int ErrorCount { get; private set; }

    /// <summary>Everything that was said, shown or not.</summary>
    public int Count { get; private set; }

    /// <summary>Whether what is said of a file from now on is still shown; if not, no effort need go into the words.</summary>
    public bool HasRoomFor(SourceFile file) => _perFile.GetValueOrDefault(file.Name) < CompilerLimits.DiagnosticsPerFile;

    public void Add(Diagnostic diagnostic)
    {
        Count++;
        var seen = _perFile.GetValueOrDefault(diagnostic.SourceFile);
        _perFile[diagnostic.SourceFile] = seen + 1;
        // Counted even when dropped, so that a sentence with a dropped error is not taken for sound.
        if (diagnostic.Severity == DiagnosticSeverity.Error)
            ErrorCount++;
        if (seen < CompilerLimits.DiagnosticsPerFile)
            _all.Add(diagnostic);
    }

    /// <summary>Says of each file whose diagnostics were cut short that they were, then gives all in the order of the text.</summary>
    public ImmutableArray<Diagnostic> Finish(IReadOnlyList<SourceFile> files)
    {
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (order.TryAdd(file.Name, order.Count) && _perFile.GetValueOrDefault(file.Name) > CompilerLimits.DiagnosticsPerFile)
                _all.Add(LimitDiagnostics.TooManyDiagnostics(file.At(new TextSpan(file.Text.Length, 0)), _perFile[file.Name]));
        }
        return [.. _all.OrderBy(d => order.GetValueOrDefault(d.SourceFile)).ThenBy(d => d.Span.Start).ThenBy(d => d.Code, StringComparer.Ordinal)];
    }
}
