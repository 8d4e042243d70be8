using System.CommandLine;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine;
using Ulm.Engine.Simulation;
using Ulm.Server.History;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Commands;

/// <summary><c>import munin</c>: what munin has recorded, as a trace to simulate with.</summary>
public static class ImportCommand
{
    /// <summary>munin keeps figures of five minutes for two days; of what is older only longer means.</summary>
    private static readonly TimeSpan DefaultLength = TimeSpan.FromDays(2);

    /// <param name="rrdTool">The program that reads RRD files.</param>
    public static Command Create(Terminal terminal, string rrdTool = "rrdtool") => new("import", "Make a trace of what another program has recorded.") { Munin(terminal, rrdTool) };

    private static Command Munin(Terminal terminal, string rrdTool)
    {
        var folder = new Argument<string>("DIR") { Description = "Where munin's master keeps its RRD files: /var/lib/munin, or one group's folder in it" };
        var metric = new Option<string>("--metric") { Description = "What to read, as policies write it: vm.cpu if not given, host.cpu, host.net.in, 'host.munin[\"plugin.field\"]', ...", HelpName = "M" };
        var (site, zone) = (FileOptions.Site(required: false), FileOptions.Zone());
        var from = FileOptions.Time("--from", "When to begin; if not given, so that it ends with munin's newest figure");
        var length = FileOptions.Duration("--for", "How long: 2d if not given. Beyond two days munin has only means of half an hour and more");
        var target = new Option<string>("--out") { Description = "Write the trace to this file, gzipped if its name ends in .gz; otherwise to the standard output", HelpName = "FILE" };
        var command = new Command("munin", "Make a trace of munin's RRD files, by Debian's rrdtool.") { folder, site, metric, from, length, target, zone };
        command.SetAction(async (result, ct) =>
        {
            var attribute = Attribute(result.GetValue(metric) ?? PolicyAttribute.VmCpu.Name);
            var begin = result.GetValue(from) is { } text ? TimeText.Parse(text, "--from", TimeText.Zone(result.GetValue(zone))) : (DateTimeOffset?)null;
            var time = result.GetValue(length) is { } period ? TimeText.Duration(period, "--for", TimeSpan.FromMinutes(5), TimeSpan.FromDays(3660)) : DefaultLength;
            var siteFile = result.GetValue(site);
            var known = siteFile is null ? null : SiteFile.Read(siteFile).Site;
            var history = new MuninHistory(MuninTree.Scan(result.GetValue(folder)!), known, attribute, new RrdTool(rrdTool));
            string?[] read = [siteFile];
            using var file = result.GetValue(target) is { } path ? OutputFile.Open("--out", path, read.OfType<string>()) : null;
            var trace = await history.ReadAsync(begin?.ToUniversalTime(), time, ct);
            foreach (var note in history.Notes) await terminal.Error.WriteLineAsync($"note: {note}");
            if (file is null) await terminal.Out.WriteAsync(TraceWriter.Text(trace));
            else file.Write(TraceWriter.Bytes(trace, result.GetValue(target)!.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)));
            await terminal.Error.WriteLineAsync(
                $"{attribute} of {Words.Count(trace.Series.Count, attribute.Subject == SubjectKind.Vm ? "VM" : "host")}, {Words.Count(trace.Length, "value")} each, " +
                $"{Show.Duration(trace.Duration)} from {TimeText.Utc(trace.Start)} in steps of {Show.Duration(trace.Step)}");
            return ExitCode.Clean;
        });
        return command;
    }

    /// <exception cref="CommandFailedException">There is no such attribute, or munin does not tell it.</exception>
    private static PolicyAttribute Attribute(string name)
    {
        static bool IsTold(PolicyAttribute a) => MetricReplay.CanReplay(a)
            && (a.MuninField is not null || a == PolicyAttribute.VmCpu || (a.Subject == SubjectKind.Host && a != PolicyAttribute.HostMemoryFree));
        if (PolicyAttribute.Find(name) is not { } attribute)
        {
            var nearest = NearestWord.Find(name, PolicyAttribute.All.Where(IsTold).Select(a => a.Name));
            throw new CommandFailedException($"--metric: `{name}` is not an attribute{(nearest is null ? "; write one as policies do, such as vm.cpu or host.munin[\"plugin.field\"]" : $"; did you mean {nearest}?")}");
        }

        if (IsTold(attribute)) return attribute;
        var told = PolicyAttribute.All.Where(IsTold).Select(a => a.Name);
        throw new CommandFailedException($"--metric: {name} is not among what munin's master records; it has {string.Join(", ", told)}, and any field as host.munin[\"plugin.field\"] or vm.munin[\"plugin.field\"]");
    }
}
