using System.Text.RegularExpressions;
using Ulm.Server.Commands;

namespace Ulm.Server.History;

/// <summary>
/// One file of munin's tree: one field of one graph of one node. munin's master keeps only letters, digits and <c>_</c> of the names of plugins and fields, and
/// writes a dash for the dot of a sub-graph, whose own dashes it keeps (munin 2.0, <c>Munin::Master::Node</c> and <c>UpdateWorker</c>).
/// </summary>
/// <param name="Rest">Its name after the host's: <c>diskstats_iops-sda-rdio</c>. The last dash parts graph and field.</param>
internal sealed record RrdFile(string Path, string Rest)
{
    public string Graph => Rest[..Rest.LastIndexOf('-')].Replace('-', '.');

    public string Field => Rest[(Rest.LastIndexOf('-') + 1)..];

    /// <summary>Its name on the node if it is of a graph that is called so there, or of a sub-graph of it; null: it is of another.</summary>
    public string? Of(string graph)
    {
        var (own, asked) = (Kept(Graph), Kept(graph));
        return own == asked ? $"{graph}.{Field}" : own.StartsWith(asked + "_", StringComparison.Ordinal) ? $"{graph}.{own[(asked.Length + 1)..]}.{Field}" : null;
    }

    /// <summary>What is the same of a name on a node and in its files.</summary>
    public static string Kept(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}

/// <summary>
/// What munin's master keeps in a folder, <c>/var/lib/munin</c> by default: <c>GROUP/HOST-GRAPH-FIELD-TYPE.rrd</c>. Hosts have dashes in their
/// names as well, so they are found first, by the graphs that every node has.
/// </summary>
/// <param name="Hosts">By the name munin gives them, with their files.</param>
internal sealed partial record MuninTree(string Folder, IReadOnlyDictionary<string, IReadOnlyList<RrdFile>> Hosts)
{
    /// <exception cref="CommandFailedException">There is no such folder, it can't be read, or munin's files are not in it.</exception>
    public static MuninTree Scan(string folder)
    {
        var files = Files(folder);
        if (files.Count == 0) throw new CommandFailedException($"{folder} has no RRD files in it; munin keeps them in /var/lib/munin");
        var hosts = files.Select(f => WellKnown().Match(f)).Where(m => m.Success).Select(m => m.Groups["host"].Value).Distinct(StringComparer.Ordinal).OrderByDescending(h => h.Length).ToList();
        if (hosts.Count == 0)
            throw new CommandFailedException($"{folder} has {Words.Count(files.Count, "RRD file")}, but none of munin's cpu, load, memory, uptime or libvirt-cputime graphs: it is not munin's tree");
        var byHost = files
            .Select(f => (File: f, Host: hosts.FirstOrDefault(h => f.StartsWith(h + "-", StringComparison.Ordinal)), Type: OfField().Match(f)))
            .Where(f => f.Host is not null && f.Type.Success)
            .GroupBy(f => f.Host!, f => new RrdFile(f.File, f.File[(f.Host!.Length + 1)..^f.Type.Length]), StringComparer.Ordinal);
        var named = new Dictionary<string, IReadOnlyList<RrdFile>>(StringComparer.Ordinal);
        foreach (var host in byHost.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            // The folders above are munin's groups, which ULM does not have.
            var name = Path.GetFileName(host.Key);
            if (!named.TryAdd(name, [.. host.Where(f => f.Rest.Contains('-'))]))
                throw new CommandFailedException($"{folder} has two hosts {name}, in different groups: import from the folder of one group");
        }

        return new MuninTree(folder, named);
    }

    /// <summary>The host of this tree that a site calls so: by its whole name, or without its domain.</summary>
    public string? Find(string host) => Hosts.ContainsKey(host) ? host
        : Hosts.Keys.Where(h => h.StartsWith(host + ".", StringComparison.OrdinalIgnoreCase) || string.Equals(h, host, StringComparison.OrdinalIgnoreCase)).ToList() is [var only] ? only : null;

    private static List<string> Files(string folder)
    {
        try
        {
            if (!Directory.Exists(folder)) throw new CommandFailedException(File.Exists(folder) ? $"{folder} is a file; name the folder that munin keeps its RRD files in" : $"there is no folder {folder}");
            return [.. Directory.EnumerateFiles(folder, "*.rrd", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CommandFailedException($"{folder} can't be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    [GeneratedRegex(@"^(?<host>.+)-(cpu-(idle|user|system)|load-load|memory-(free|apps)|uptime-uptime|libvirt_cputime-total_pc)-[a-z]\.rrd$")]
    private static partial Regex WellKnown();

    [GeneratedRegex(@"-[a-z]\.rrd$")]
    private static partial Regex OfField();
}
