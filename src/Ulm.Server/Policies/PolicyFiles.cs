using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;
using Ulm.Server.Commands;
using Ulm.Server.Policies.Calendars;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Policies;

/// <summary>Policy files named on the command line, and what the compiler made of them.</summary>
internal sealed record PolicyFiles(ImmutableArray<SourceText> Sources, CompilationResult Result)
{
    public const string Pattern = "*.ulm";

    /// <summary>Names that begin with a dot are an editor's or a tool's own: Emacs marks <c>p.ulm</c> as being edited by a link <c>.#p.ulm</c> that leads nowhere.</summary>
    private static readonly EnumerationOptions Visible = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false };

    /// <summary>Characters the compiler takes, as bytes, with room for the longest encoding of each.</summary>
    private const long LargestFile = CompilerLimits.FileLength * 4L;

    /// <param name="paths">Files, and directories whose <c>*.ulm</c> files are meant, at any depth.</param>
    /// <exception cref="CommandFailedException">One can't be read: all that can't are named.</exception>
    public static PolicyFiles Load(IEnumerable<string> paths, SiteClock? clock = null) => Compile(ReadTexts(paths), clock);

    /// <summary>The texts as the compiler takes them.</summary>
    /// <inheritdoc cref="Load"/>
    public static ImmutableArray<SourceText> ReadTexts(IEnumerable<string> paths) => [.. ReadAll(paths).Select(WithoutMark)];

    public static PolicyFiles Compile(ImmutableArray<SourceText> texts, SiteClock? clock = null, SentenceMemo? memo = null) => Compile(texts, new CalendarFiles(), clock ?? SiteClock.Usual, memo);

    /// <param name="calendars">Files that the policies' calendars come from; those that it has not read yet are read.</param>
    /// <param name="memo">Of earlier compilations of the set; null: none.</param>
    public static PolicyFiles Compile(ImmutableArray<SourceText> texts, CalendarFiles calendars, SiteClock clock, SentenceMemo? memo = null)
    {
        var zone = clock.Zone;
        var result = PolicyCompiler.Compile(texts, new CompilerOptions
        {
            Calendars = (path, source) => calendars.Find(path, source, zone),
            PollingInterval = clock.PollingInterval,
            Comes = trigger => ScheduleCalculator.Next(trigger, TimeProvider.System.GetUtcNow(), zone) is not null,
        }, memo);
        // Which zone the policies name is known only now, and on which day an event lies depends on it.
        return calendars.Asked.Count > 0 && result.Policies.TimeZone is { } own && own.Id != zone.Id ? Compile(texts, calendars, clock with { Zone = own }, memo) : new PolicyFiles(texts, result);
    }

    /// <summary>The texts to the last character: a byte order mark is still there.</summary>
    /// <param name="paths">Files, and directories whose <c>*.ulm</c> files are meant, at any depth.</param>
    /// <exception cref="CommandFailedException">One can't be read: all that can't are named.</exception>
    public static ImmutableArray<SourceText> ReadAll(IEnumerable<string> paths)
    {
        var problems = new List<string>();
        var files = new List<string>();
        foreach (var path in paths) files.AddRange(Expand(path, problems));
        var sources = files.DistinctBy(Path.GetFullPath, StringComparer.Ordinal).Select(f => Read(f, problems)).OfType<SourceText>().ToImmutableArray();
        if (problems.Count > 0) throw new CommandFailedException(string.Join("\nulm-server: ", problems));
        return sources;
    }

    /// <summary>A text that comes from a stream, such as the standard input.</summary>
    /// <exception cref="CommandFailedException">It can't be read.</exception>
    public static SourceText ReadStream(string name, Stream stream)
    {
        var faults = new FileFaults(name);
        return Read(name, stream, faults) ?? throw new CommandFailedException($"{name}: {faults.Found[0].Message}");
    }

    /// <summary>For commands that work with policies rather than on them: faults go to <see cref="Terminal.Error"/> and end the command.</summary>
    /// <exception cref="CommandFailedException">A file can't be read, or the policies have errors.</exception>
    public static PolicySet LoadSound(IEnumerable<string> paths, Terminal terminal, TimeZoneInfo? zone = null) => LoadSoundFiles(paths, terminal, zone).Result.Policies;

    /// <summary>The same with the texts, for commands that show them.</summary>
    /// <exception cref="CommandFailedException">A file can't be read, or the policies have errors.</exception>
    public static PolicyFiles LoadSoundFiles(IEnumerable<string> paths, Terminal terminal, TimeZoneInfo? zone = null) => LoadSoundFiles(paths, terminal, SiteClock.Usual with { Zone = zone ?? TimeZoneInfo.Utc });

    /// <inheritdoc cref="LoadSoundFiles(IEnumerable{string}, Terminal, TimeZoneInfo)"/>
    public static PolicyFiles LoadSoundFiles(IEnumerable<string> paths, Terminal terminal, SiteClock clock) => Sound(Load(paths, clock), terminal);

    /// <exception cref="CommandFailedException">The policies have errors.</exception>
    public static PolicyFiles Sound(PolicyFiles files, Terminal terminal)
    {
        var (_, diagnostics) = files.Result;
        if (!files.Result.HasErrors)
        {
            if (diagnostics.Length > 0) terminal.Error.WriteLine($"note: the policies have {Words.Count(diagnostics.Length, "warning")}; `ulm-server validate` shows them");
            return files;
        }

        files.Print(diagnostics, terminal);
        var errors = diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error);
        throw new CommandFailedException($"the policies have {Words.Count(errors, "error")}; nothing was done", ExitCode.PolicyErrors);
    }

    public void Print(IReadOnlyCollection<Diagnostic> diagnostics, Terminal terminal)
    {
        if (diagnostics.Count > 0) terminal.Error.WriteLine(DiagnosticText.Render(diagnostics, Sources, terminal.ErrorColour));
    }

    /// <summary>The policy files of a folder, at any depth.</summary>
    public static string[] In(string folder) => Directory.GetFiles(folder, Pattern, Visible);

    private static IEnumerable<string> Expand(string path, List<string> problems)
    {
        if (!Directory.Exists(path)) return [path];
        try
        {
            var found = In(path).Order(StringComparer.Ordinal).ToList();
            if (found.Count == 0) problems.Add($"{path} has no *.ulm file in it");
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path} can't be read: {e.Message}");
            return [];
        }
    }

    private static SourceText? Read(string path, List<string> problems)
    {
        var faults = new FileFaults(path);
        using var file = DataFile.Open(path, faults);
        var source = file is null ? null : Read(path, file, faults);
        problems.AddRange(faults.Found.Select(f => $"{path}: {f.Message}"));
        return source;
    }

    private static SourceText? Read(string name, Stream stream, FileFaults faults)
    {
        if (DataFile.ReadAll(stream, LargestFile, faults) is not { } bytes) return null;
        if (Utf8.IsValid(bytes)) return new SourceText(name, Encoding.UTF8.GetString(bytes));
        faults.Add("it is not UTF-8 text");
        return null;
    }

    /// <summary>The text without a byte order mark, as the compiler takes it.</summary>
    public static SourceText WithoutMark(SourceText source) => source.Text.StartsWith('\uFEFF') ? source with { Text = source.Text[1..] } : source;
}
