using System.ComponentModel;
using System.Globalization;
using System.Xml.Linq;
using CliWrap;
using CliWrap.Buffered;
using Ulm.Server.Commands;

namespace Ulm.Server.History;

/// <summary>Debian's <c>rrdtool</c>: the only thing that reads RRD files as they are written.</summary>
/// <param name="program">Its name or path.</param>
internal sealed class RrdTool(string program = "rrdtool")
{
    /// <summary>The data source that munin keeps in each of its files.</summary>
    private const string DataSource = "42";

    /// <summary>More in one call would come near the longest command line there can be.</summary>
    private const int FilesACall = 200;

    /// <summary>rrdtool makes steps longer where there would be more rows than this; by itself, than 400.</summary>
    private const int MostRows = 2_000_000;

    /// <summary>When the newest figure of any of these files was taken.</summary>
    /// <exception cref="CommandFailedException">rrdtool is missing, or does not read one of them.</exception>
    public async Task<DateTimeOffset> LastAsync(IEnumerable<string> files, CancellationToken ct)
    {
        var last = DateTimeOffset.UnixEpoch;
        foreach (var file in files)
        {
            var (text, error) = await RunAsync(["last", file], ct);
            if (error is not null) throw Unreadable(file, error);
            if (DateTimeOffset.FromUnixTimeSeconds(long.Parse(text.Trim(), CultureInfo.InvariantCulture)) is var at && at > last) last = at;
        }

        return last;
    }

    /// <summary>The means from one instant to another, at the finest steps the files still have for that time.</summary>
    /// <exception cref="CommandFailedException">rrdtool is missing, or does not read one of the files, or they are kept at different steps.</exception>
    public async Task<RrdSeries> ExportAsync(IReadOnlyList<string> files, DateTimeOffset from, DateTimeOffset end, CancellationToken ct)
    {
        RrdSeries? all = null;
        foreach (var some in files.Chunk(FilesACall))
        {
            var (text, error) = await RunAsync([.. Arguments(some, from, end)], ct);
            if (error is not null) await BlameAsync(some, error, ct);
            var part = Read(text);
            if (all is not null && (all.Step != part.Step || !all.Ends.SequenceEqual(part.Ends)))
                throw new CommandFailedException($"the files are kept at steps of {Engine.Show.Duration(all.Step)} and of {Engine.Show.Duration(part.Step)}: take a shorter --for");
            all = all is null ? part : all with { Values = [.. all.Values, .. part.Values] };
        }

        return all ?? new RrdSeries(TimeSpan.FromMinutes(5), [], []);
    }

    private static IEnumerable<string> Arguments(IReadOnlyList<string> files, DateTimeOffset from, DateTimeOffset end)
    {
        yield return "xport";
        yield return "--showtime";
        foreach (var (option, value) in new[] { ("--start", from.ToUnixTimeSeconds()), ("--end", end.ToUnixTimeSeconds()), ("--maxrows", MostRows) })
        {
            yield return option;
            yield return value.ToString(CultureInfo.InvariantCulture);
        }

        for (var i = 0; i < files.Count; i++)
        {
            yield return $"DEF:v{i}={files[i].Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}:{DataSource}:AVERAGE";
            yield return $"XPORT:v{i}";
        }
    }

    private static RrdSeries Read(string xml)
    {
        var document = XDocument.Parse(xml).Root!;
        var columns = (int)document.Element("meta")!.Element("columns")!;
        var rows = document.Element("data")!.Elements("row").ToList();
        var values = Enumerable.Range(0, columns).Select(_ => new double[rows.Count]).ToList();
        for (var row = 0; row < rows.Count; row++)
        {
            var column = 0;
            foreach (var value in rows[row].Elements("v")) values[column++][row] = double.Parse(value.Value, CultureInfo.InvariantCulture);
        }

        return new RrdSeries(
            TimeSpan.FromSeconds((long)document.Element("meta")!.Element("step")!),
            [.. rows.Select(r => DateTimeOffset.FromUnixTimeSeconds((long)r.Element("t")!))],
            values);
    }

    /// <summary>Of many files rrdtool does not always say which one it could not read: each is asked for alone.</summary>
    private async Task BlameAsync(IEnumerable<string> files, string error, CancellationToken ct)
    {
        foreach (var file in files)
        {
            if ((await RunAsync(["last", file], ct)).Error is { } own) throw Unreadable(file, own);
        }

        throw new CommandFailedException($"rrdtool can't read munin's files: {error}");
    }

    private static CommandFailedException Unreadable(string file, string error) => new($"{file} can't be read: {error.Replace($"'{file}' ", "it ", StringComparison.Ordinal)}");

    /// <returns>What it printed, or what it complained of.</returns>
    private async Task<(string Text, string? Error)> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        try
        {
            var result = await Cli.Wrap(program).WithArguments(arguments).WithEnvironmentVariables(e => e.Set("LC_ALL", "C")).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(ct);
            var said = result.StandardError.Split('\n').FirstOrDefault(l => l.StartsWith("ERROR: ", StringComparison.Ordinal))?["ERROR: ".Length..];
            return (result.StandardOutput, said ?? (result.ExitCode == 0 ? null : $"rrdtool ended with {result.ExitCode}"));
        }
        catch (Win32Exception)
        {
            throw new CommandFailedException($"`{program}` is not installed, and only it reads munin's files: apt-get install rrdtool");
        }
    }
}
