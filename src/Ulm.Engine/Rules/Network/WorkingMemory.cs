using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules.Network;

/// <summary>All facts that some rule reads, in a table for each kind of subject, and the keys that join them: vm -> host -> cluster.</summary>
internal sealed class WorkingMemory
{
    private readonly FactTable[] _tables = [new(), new(), new()];
    private readonly RowSet[] _fresh = [new(), new(), new()];
    private readonly List<int> _hostOfVm = [];
    private readonly List<int> _clusterOfHost = [];
    private readonly List<HashSet<int>> _vmsOfHost = [];
    private readonly List<HashSet<int>> _hostsOfCluster = [];

    /// <summary>Told when a row's subject goes, or goes elsewhere: everything that counts or times it forgets it.</summary>
    public List<Reader> Readers { get; } = [];

    /// <summary>Room for the rows that one reader is about to judge: all take turns with it, as a list for each would be as long as the site for each rule.</summary>
    public List<int> Visit { get; } = [];

    public FactTable Table(SubjectKind kind) => _tables[(int)kind];

    /// <summary>Rows that are new or stand elsewhere since <see cref="ForgetFresh"/>: everybody judges them anew.</summary>
    public RowSet Fresh(SubjectKind kind) => _fresh[(int)kind];

    public void ForgetFresh()
    {
        foreach (var rows in _fresh) rows.Clear();
    }

    public void PutHost(string name, string cluster, ImmutableHashSet<string> tags)
    {
        var clusters = Table(SubjectKind.Cluster);
        var row = Put(SubjectKind.Host, name, tags, out var isNew);
        Cover(_clusterOfHost, row, () => -1);
        Cover(_vmsOfHost, row, () => []);
        var before = isNew ? -1 : _clusterOfHost[row];
        if (before >= 0 && clusters.NameOf(before) == cluster) return;
        if (before >= 0) Leave(row);
        var clusterRow = clusters.FindRow(cluster) ?? Put(SubjectKind.Cluster, cluster, [], out _);
        Cover(_hostsOfCluster, clusterRow, () => []);
        _hostsOfCluster[clusterRow].Add(row);
        _clusterOfHost[row] = clusterRow;
        Fresh(SubjectKind.Host).Add(row);
        foreach (var vm in _vmsOfHost[row]) Fresh(SubjectKind.Vm).Add(vm);
    }

    /// <exception cref="ArgumentException">The host was not put in.</exception>
    public void PutVm(string name, string host, ImmutableHashSet<string> tags)
    {
        var hostRow = Table(SubjectKind.Host).FindRow(host) ?? throw new ArgumentException($"host {host} of vm {name} was not inserted", nameof(host));
        var row = Put(SubjectKind.Vm, name, tags, out var isNew);
        Cover(_hostOfVm, row, () => -1);
        var before = isNew ? -1 : _hostOfVm[row];
        if (before == hostRow) return;
        if (before >= 0) _vmsOfHost[before].Remove(row);
        if (before >= 0 && _clusterOfHost[before] != _clusterOfHost[hostRow]) Forget(SubjectKind.Vm, row, onlyCounts: true);
        _hostOfVm[row] = hostRow;
        _vmsOfHost[hostRow].Add(row);
        Fresh(SubjectKind.Vm).Add(row);
    }

    /// <exception cref="ArgumentException">A host still has VMs.</exception>
    public void Remove(SubjectRef subject)
    {
        if (Table(subject.Kind).FindRow(subject.Name) is not { } row) return;
        if (subject.Kind == SubjectKind.Host && _vmsOfHost[row].Count > 0)
            throw new ArgumentException($"{subject} still has {_vmsOfHost[row].Count} VM(s): retract or move them first", nameof(subject));
        Forget(subject.Kind, row);
        if (subject.Kind == SubjectKind.Vm) _vmsOfHost[_hostOfVm[row]].Remove(row);
        else if (subject.Kind == SubjectKind.Host) Leave(row);
        Table(subject.Kind).Remove(subject.Name);
    }

    public void Update(SubjectRef subject, Fact fact, in Reading reading)
    {
        if (Table(subject.Kind).FindColumn(fact) is { } column && Table(subject.Kind).FindRow(subject.Name) is { } row) Mark(column.Put(row, reading), subject.Kind, row);
    }

    public void Mark(List<Reader> readers, SubjectKind kind, int row)
    {
        foreach (var reader in readers) Mark(reader, kind, row);
    }

    /// <summary>Marks for a reader the rows that stand in this one.</summary>
    public void Mark(Reader reader, SubjectKind kind, int row)
    {
        if (reader.Kind == kind) reader.Marked.Add(row);
        else if (kind == SubjectKind.Host) MarkVms(reader, row);
        else if (reader.Kind == SubjectKind.Host) foreach (var host in _hostsOfCluster[row]) reader.Marked.Add(host);
        else foreach (var host in _hostsOfCluster[row]) MarkVms(reader, host);
    }

    public void MarkAll(Reader reader)
    {
        var table = Table(reader.Kind);
        for (var row = 0; row < table.RowCount; row++) if (table.NameOf(row) is not null) reader.Marked.Add(row);
    }

    public Match MatchOf(SubjectKind kind, int row, long ignoreBefore = 0)
    {
        if (kind == SubjectKind.Cluster) return new Match(-1, -1, row, ignoreBefore);
        var (vm, host) = kind == SubjectKind.Vm ? (row, _hostOfVm[row]) : (-1, row);
        return new Match(vm, host, _clusterOfHost[host], ignoreBefore);
    }

    public SubjectRef SubjectOf(SubjectKind kind, int row) => new(kind, Table(kind).NameOf(row)!);

    /// <summary>The subject itself or what it stands in; null where there is none of that kind.</summary>
    public SubjectRef? KeyOf(SubjectRef subject, SubjectKind kind) =>
        Table(subject.Kind).FindRow(subject.Name) is { } row && MatchOf(subject.Kind, row).RowOf(kind) is >= 0 and var key ? SubjectOf(kind, key) : null;

    /// <summary>Rows of the hosts, or the VMs, of a cluster.</summary>
    public IEnumerable<int> MembersOf(int cluster, SubjectKind kind) =>
        kind == SubjectKind.Host ? _hostsOfCluster[cluster] : _hostsOfCluster[cluster].SelectMany(h => _vmsOfHost[h]);

    private int Put(SubjectKind kind, string name, ImmutableHashSet<string> tags, out bool isNew)
    {
        var table = Table(kind);
        isNew = table.FindRow(name) is null;
        var row = table.FindRow(name) ?? table.Add(name, tags);
        if (!isNew && !table.Retag(row, tags)) return row;
        Fresh(kind).Add(row);
        // Who stands in it may read its tags.
        if (!isNew && kind == SubjectKind.Host) foreach (var vm in _vmsOfHost[row]) Fresh(SubjectKind.Vm).Add(vm);
        return row;
    }

    /// <summary>A host leaves its cluster, which goes with its last one.</summary>
    private void Leave(int host)
    {
        var cluster = _clusterOfHost[host];
        Forget(SubjectKind.Host, host, onlyCounts: true);
        foreach (var vm in _vmsOfHost[host]) Forget(SubjectKind.Vm, vm, onlyCounts: true);
        _hostsOfCluster[cluster].Remove(host);
        _clusterOfHost[host] = -1;
        if (_hostsOfCluster[cluster].Count > 0) return;
        Forget(SubjectKind.Cluster, cluster);
        Table(SubjectKind.Cluster).Remove(Table(SubjectKind.Cluster).NameOf(cluster)!);
    }

    /// <param name="onlyCounts">It is elsewhere and not gone: clocks that run for it run on.</param>
    private void Forget(SubjectKind kind, int row, bool onlyCounts = false)
    {
        if (!onlyCounts) Fresh(kind).Remove(row);
        foreach (var reader in Readers)
        {
            if (reader.Kind == kind && (!onlyCounts || reader is MemberTallies)) reader.Forget(row);
            if (kind == SubjectKind.Cluster && reader is MemberTallies tallies) tallies.ForgetCluster(row);
        }
    }

    private void MarkVms(Reader reader, int host)
    {
        foreach (var vm in _vmsOfHost[host]) reader.Marked.Add(vm);
    }

    private static void Cover<T>(List<T> list, int row, Func<T> empty)
    {
        while (list.Count <= row) list.Add(empty());
    }
}
