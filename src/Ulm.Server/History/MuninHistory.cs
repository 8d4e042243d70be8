using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Munin;
using Ulm.Server.Commands;
using Ulm.Server.Live;
using Ulm.Server.Snapshots;

namespace Ulm.Server.History;

/// <summary>A host with the files that are read of it.</summary>
/// <param name="Name">The site's name for it, else munin's.</param>
/// <param name="Cpus">Null: not known.</param>
internal sealed record HostFiles(string Name, int? Cpus, IReadOnlyList<(RrdFile File, double[] Values)> Files);

/// <summary>What munin has recorded of one attribute, as a trace. Figures are made of munin's fields by the very code that makes them live.</summary>
internal sealed partial class MuninHistory(MuninTree tree, Site? site, PolicyAttribute attribute, RrdTool rrdTool)
{
    private readonly List<string> _notes = [];

    public IReadOnlyList<string> Notes => _notes;

    /// <exception cref="CommandFailedException">munin has nothing of it.</exception>
    public async Task<Trace> ReadAsync(DateTimeOffset? from, TimeSpan length, CancellationToken ct)
    {
        var wanted = Hosts().Select(h => (h.Name, h.Cpus, Files: tree.Hosts[h.Munin].Where(f => IsWanted(f, h.Cpus is not null)).ToList())).ToList();
        var files = wanted.SelectMany(w => w.Files).ToList();
        if (files.Count == 0) throw new CommandFailedException(string.Join("; ", _notes.Prepend(Nothing([.. wanted.Select(w => w.Name)]))));
        var begin = from ?? await rrdTool.LastAsync(wanted.Where(w => w.Files.Count > 0).Select(w => w.Files[0].Path), ct) - length;
        var all = await rrdTool.ExportAsync([.. files.Select(f => f.Path)], begin, begin + length, ct);
        var next = 0;
        var hosts = wanted.Select(w => new HostFiles(w.Name, w.Cpus, [.. w.Files.Select(f => (f, all.Values[next++]))])).ToList();
        var series = Series(hosts, all).Where(s => s.Value.Any(v => !double.IsNaN(v))).ToDictionary(StringComparer.Ordinal);
        if (series.Count == 0) throw new CommandFailedException($"munin has no figures of {attribute} from {TimeText.Utc(begin)} to {TimeText.Utc(begin + length)}");
        return Trimmed(all, series);
    }

    private string Nothing(IReadOnlyList<string> hosts) =>
        attribute == PolicyAttribute.VmCpu ? GuestCpu.Missing(hosts) : $"munin has no files of {attribute} of {Words.Few(hosts)} in {tree.Folder}";

    private IEnumerable<(string Name, string Munin, int? Cpus)> Hosts()
    {
        if (site is null) return tree.Hosts.Keys.Select(h => (h, h, (int?)null));
        var found = site.Hosts.Select(h => (h.Name, Munin: tree.Find(h.Name), h.Cpus)).ToList();
        var missing = found.Where(f => f.Munin is null).Select(f => f.Name).ToList();
        if (missing.Count == found.Count)
            throw new CommandFailedException($"munin knows none of the site's hosts: it has {Words.Few(tree.Hosts.Keys)}; the site has {Words.Few(missing)}");
        if (missing.Count > 0) _notes.Add($"munin knows nothing of {Words.Count(missing.Count, "host")} of the site: {Words.Few(missing)}");
        return found.Where(f => f.Munin is not null).Select(f => (f.Name, f.Munin!, (int?)f.Cpus));
    }

    private bool IsWanted(RrdFile file, bool cpusKnown)
    {
        if (attribute == PolicyAttribute.VmCpu) return GuestCpu.Reads(file, cpusKnown);
        if (attribute.MuninField is not { } field) return HostFigures.PluginsFor(attribute, [PluginOf(file)], ImmutableDictionary<string, string?>.Empty).Any();
        return file.Of(MuninAnswer.Split(field).Graph) is { } name && (attribute.Subject == SubjectKind.Vm || name == field);
    }

    /// <summary>A VLAN's interface is <c>eth0.100</c> on the node, an alias <c>eth0:1</c>, and neither is one that bytes go over a second time.</summary>
    private static string PluginOf(RrdFile file) =>
        file.Graph.StartsWith("diskstats_", StringComparison.Ordinal) ? "diskstats" : PartOfInterface().Replace(file.Graph, "$1.$2");

    [GeneratedRegex(@"^(if_.+)_(\d+)$")]
    private static partial Regex PartOfInterface();

    private Dictionary<string, double[]> Series(IReadOnlyList<HostFiles> hosts, RrdSeries all)
    {
        if (attribute == PolicyAttribute.VmCpu)
        {
            var guests = new GuestCpu(hosts, site);
            var series = guests.Series(all.Ends.Count);
            _notes.AddRange(guests.Notes);
            return series;
        }

        return attribute.Subject == SubjectKind.Host ? hosts.ToDictionary(h => h.Name, h => OfHost(h, all), StringComparer.Ordinal) : OfGuests(hosts, all);
    }

    private double[] OfHost(HostFiles host, RrdSeries all) =>
        [.. all.Ends.Select((at, i) => HostFigures.Of(attribute, host.Cpus ?? 1, Answer(host, at, i)) is { IsKnown: true } figure ? figure.Value : double.NaN)];

    /// <summary>A VM's own fields, on whichever host it was.</summary>
    private Dictionary<string, double[]> OfGuests(IReadOnlyList<HostFiles> hosts, RrdSeries all)
    {
        if (site is null) throw new CommandFailedException($"{attribute} is about VMs: name them with --site");
        var names = site.Vms.Select(v => v.Name).ToList();
        var series = names.ToDictionary(n => n, _ => Enumerable.Repeat(double.NaN, all.Ends.Count).ToArray(), StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            for (var i = 0; i < all.Ends.Count; i++)
            {
                var answer = Answer(host, all.Ends[i], i);
                foreach (var name in names) if (VmMuninFields.Of(attribute.MuninField!, name, names, answer) is { IsKnown: true } figure) series[name][i] = figure.Value;
            }
        }

        return series;
    }

    /// <summary>What the node said in the step that ended at an instant.</summary>
    private MuninAnswer Answer(HostFiles host, DateTimeOffset at, int step)
    {
        var readings = new Dictionary<string, MuninReading>(StringComparer.Ordinal);
        foreach (var (file, values) in host.Files)
        {
            if (double.IsNaN(values[step])) continue;
            var name = attribute.MuninField is { } asked ? file.Of(MuninAnswer.Split(asked).Graph) : null;
            readings[name ?? $"{file.Graph}.{file.Field}"] = new MuninReading(values[step], at, null);
        }

        var plugins = host.Files.Select(f => PluginOf(f.File)).ToImmutableHashSet(StringComparer.Ordinal);
        return new MuninAnswer(host.Name, plugins, ImmutableDictionary<string, string?>.Empty, plugins, new MuninPoll(at, readings, ImmutableDictionary<string, MuninException>.Empty));
    }

    /// <summary>Without the steps at both ends of which nothing is known.</summary>
    private Trace Trimmed(RrdSeries all, Dictionary<string, double[]> series)
    {
        bool IsKnown(int step) => series.Values.Any(v => !double.IsNaN(v[step]));
        var first = Enumerable.Range(0, all.Ends.Count).First(IsKnown);
        var end = Enumerable.Range(0, all.Ends.Count).Last(IsKnown) + 1;
        return new Trace(attribute, all.Ends[first] - all.Step, all.Step, end - first, series.ToDictionary(s => s.Key, s => s.Value[first..end], StringComparer.Ordinal));
    }
}
