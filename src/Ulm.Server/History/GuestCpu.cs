using Ulm.Engine.Inventory;
using Ulm.Server.Commands;
using Ulm.Server.Live;

namespace Ulm.Server.History;

/// <summary>
/// How much CPU each guest used, from Debian's <c>libvirt-cputime</c> plugin: its field for a guest is the CPU time used as a share of the whole host, per
/// cent. A guest that has moved has a file on each of its hosts, and at any time figures in one of them.
/// </summary>
internal sealed class GuestCpu(IReadOnlyList<HostFiles> hosts, Site? site)
{
    public const string Plugin = "libvirt-cputime";

    /// <summary>The plugin as munin's files are named.</summary>
    private static readonly string Graph = RrdFile.Kept(Plugin);

    private const string FieldEnd = "_cputime";

    /// <summary>munin's <c>cpu</c> plugin counts a hundred ticks a second for each CPU.</summary>
    private const double TicksASecond = 100;

    /// <summary>Notes for whoever asked: what is not in the trace, or rests on an assumption.</summary>
    public List<string> Notes { get; } = [];

    public static bool Reads(RrdFile file, bool cpusKnown) =>
        (file.Graph == Graph && file.Field.EndsWith(FieldEnd, StringComparison.Ordinal)) || (!cpusKnown && file.Graph == "cpu");

    public static string Missing(IReadOnlyList<string> hosts) =>
        $"munin has no `{Plugin}` of {Words.Few(hosts)}, which vm.cpu is read from: is Debian's munin-libvirt-plugins on the hosts, and is the plugin linked?";

    /// <returns>By VM name, per cent of the VM's own vCPUs.</returns>
    /// <exception cref="CommandFailedException">There is nothing to be had for this site.</exception>
    public Dictionary<string, double[]> Series(int steps)
    {
        var files = hosts.SelectMany(h => h.Files.Where(f => f.File.Graph == Graph && f.File.Field.EndsWith(FieldEnd, StringComparison.Ordinal)).Select(f => (Host: h, Guest: f.File.Field[..^FieldEnd.Length], f.Values))).ToList();
        if (files.Count == 0) throw new CommandFailedException(Missing([.. hosts.Select(h => h.Name)]));
        var byName = site is null ? null : Names(site);
        var series = new Dictionary<string, double[]>(StringComparer.Ordinal);
        var strangers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (host, guest, values) in files)
        {
            var vm = byName?.GetValueOrDefault(guest);
            if (byName is not null && vm is null)
            {
                strangers.Add(guest);
                continue;
            }

            var name = vm?.Name ?? guest;
            if (!series.TryGetValue(name, out var sums)) series.Add(name, sums = [.. Enumerable.Repeat(double.NaN, steps)]);
            var factor = (double)(host.Cpus ?? CpusOf(host)) / (vm?.Vcpus ?? 1);
            // In the step of a move both hosts have a part of it.
            for (var i = 0; i < steps; i++) if (!double.IsNaN(values[i])) sums[i] = Math.Min(100, (double.IsNaN(sums[i]) ? 0 : sums[i]) + values[i] * factor);
        }

        if (series.Count == 0)
            throw new CommandFailedException($"none of the {Words.Count(strangers.Count, "guest")} that munin knows is a VM of the site: munin has {Words.Few(strangers)}; the site has {Words.Few(site!.Vms.Select(v => v.Name))}");
        if (strangers.Count > 0) Notes.Add($"{Words.Count(strangers.Count, "guest")} of munin {(strangers.Count == 1 ? "is" : "are")} not in the site and left out: {Words.Few(strangers)}");
        if (site is null) Notes.Add("without --site nobody knows how many vCPUs a VM has: each counts as having one, and goes by the name that munin writes");
        else if (site.Vms.Where(v => !series.ContainsKey(v.Name)).Select(v => v.Name).ToList() is { Count: > 0 } silent)
            Notes.Add($"munin knows nothing of {Words.Count(silent.Count, "VM")} of the site: {Words.Few(silent)}");
        return series;
    }

    /// <summary>VMs by the name that munin writes them with. Two with the same can't be told apart.</summary>
    private Dictionary<string, Vm> Names(Site known)
    {
        var names = known.Vms.ToLookup(v => VmMuninFields.Written(v.Name), StringComparer.Ordinal);
        foreach (var twice in names.Where(n => n.Count() > 1)) Notes.Add($"munin writes the names of {Words.List([.. twice.Select(v => v.Name)], "and")} the same way, {twice.Key}: they are left out");
        return names.Where(n => n.Count() == 1).ToDictionary(n => n.Key, n => n.Single(), StringComparer.Ordinal);
    }

    /// <summary>From the host's own cpu plugin: all its fields together are all its CPUs.</summary>
    private static int CpusOf(HostFiles host)
    {
        var fields = host.Files.Where(f => f.File.Graph == "cpu" && f.File.Field != "guest").Select(f => f.Values).ToList();
        var sums = fields.Count == 0 ? [] : Enumerable.Range(0, fields[0].Length).Select(i => fields.Sum(f => f[i])).Where(double.IsFinite).ToList();
        return sums.Count == 0 ? 1 : Math.Max(1, (int)Math.Round(sums.Average() / TicksASecond));
    }
}
