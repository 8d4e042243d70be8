using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Loop;

/// <summary>
/// Stands outside and looks at every call and every change: the safety rules of the architecture, judged on what is true in the world
/// and on what is in the store, not on what the engine believes. One watch a server: a restarted one is watched anew.
/// </summary>
internal sealed class SafetyWatch
{
    private readonly Run _run;
    private readonly PolicySet _policies;
    private readonly DateTimeOffset _start;
    private readonly Dictionary<string, string> _placeBefore;
    private readonly Dictionary<string, int> _onAtStart;
    private readonly HashSet<string> _mine = [];
    private readonly long _journalBefore;
    private readonly ConstraintWitness _witness;

    public SafetyWatch(Run run, PolicySet policies)
    {
        (_run, _policies, _start, _journalBefore) = (run, policies, run.Time.GetUtcNow(), run.Store.Journal.Count);
        // A budget counts over restarts and this watch does not: RandomRuns judges it over the whole run.
        _witness = new ConstraintWitness(
            SiteNow(), policies.Constraints.Where(c => c is not (StandingConstraint.MigrationBudget or StandingConstraint.PowerCycleBudget or StandingConstraint.LimitMigrations)), Moving());
        _placeBefore = run.World.Vms.Values.ToDictionary(v => v.Name, v => v.Host);
        _onAtStart = HostsOn();
        run.World.Asked += OnAsked;
        run.World.Happened += OnHappened;
    }

    public List<string> Broken { get; } = [];

    private TimeSpan Poll => _run.Options.PollingInterval;

    public void Over()
    {
        _run.World.Asked -= OnAsked;
        _run.World.Happened -= OnHappened;
    }

    private DateTimeOffset Now => _run.Time.GetUtcNow();

    private void OnAsked(string what, string subject, string? to)
    {
        var call = $"{what} {subject} {to}";
        if (_run.Store.IsRefusing) Break($"{call}: the store has failed");
        if (Now < _start + Poll) Break($"{call}: within the first polling interval");
        var about = what == "migrate" ? $"vm/{subject}" : $"host/{subject}";
        var mine = _run.Store.Journal.Where(e => e.Sequence > _journalBefore && e.Step is not null && e.Subject == about).ToList();
        if (mine.LastOrDefault() is not { Kind: JournalKind.Begun }) Break($"{call}: its intention is not in the store");
        if (_policies.Rules.FirstOrDefault(r => r.Name == mine.LastOrDefault()?.Rule) is { Mode: not RuleMode.Enforce } rule) Break($"{call}: {rule.Name} is in mode {rule.Mode}");
        switch (what)
        {
            case "migrate":
                OnMigrate(call, subject, to!);
                break;
            case "on":
                if (_run.Store.LoadLivesAsync(default).Result.Any(l => l.Host == subject && l.Phase == HostPhase.Failed)) Break($"{call}: it has failed to wake and nobody cleared it");
                break;
            case "off" or "cut" or "suspend":
                if (_run.World.VmsOn(subject).Any()) Break($"{call}: it runs {string.Join(", ", _run.World.VmsOn(subject))}");
                if (_run.World.Migrating.Values.Any(m => m.To == subject)) Break($"{call}: a VM is on its way there");
                if (_run.World.Silent.Contains(subject)) Break($"{call}: its hypervisor does not answer");
                if (_run.Store.LoadOrdersAsync(default).Result.FirstOrDefault(o => o.Host == subject) is { By: { } by, Kind: HostOrderKind.Drained or HostOrderKind.Maintenance } order) Break($"{call}: {by} has ordered {order}");
                if (_run.Store.LoadOperatorHoldsAsync(default).Result.FirstOrDefault(h => h.Subject == SubjectRef.Host(subject)) is { } hold && hold.Until > _run.World.Clock.GetUtcNow()) Break($"{call}: {hold}");
                break;
        }
    }

    private void OnMigrate(string call, string vm, string to)
    {
        // Somebody may stop it while its intention is written: its hypervisor says so.
        if (!_run.World.Vms.TryGetValue(vm, out var moved)) return;
        var from = moved.Host;
        var limits = _run.Options.Executor;
        _mine.RemoveWhere(v => !_run.World.Migrating.ContainsKey(v));
        if (!_mine.Add(vm)) Break($"{call}: it is on its way already");
        var mine = _run.World.Migrating.Where(m => _mine.Contains(m.Key)).Select(m => m.Value).Append((From: from, To: to)).ToList();
        if (mine.Count > (limits.MigrationsInTotal ?? ExecutorOptions.DefaultMigrationsInTotal)) Break($"{call}: {mine.Count} at the same time");
        foreach (var host in new[] { from, to })
        {
            var count = mine.Count(m => m.From == host || m.To == host);
            if (count > (limits.MigrationsPerHost ?? ExecutorOptions.DefaultMigrationsPerHost)) Break($"{call}: {count} at the same time at {host}");
        }

        if (mine.Count(m => _run.World.Hosts[m.From].Cluster == _run.World.Hosts[from].Cluster) > limits.MigrationsPerCluster) Break($"{call}: too many at the same time in cluster {_run.World.Hosts[from].Cluster}");
        foreach (var limit in _policies.Constraints.OfType<StandingConstraint.LimitMigrations>())
        {
            if (mine.Count > limit.InTotal) Break($"{call}: {mine.Count} at the same time against \"{limit.Text}\"");
            foreach (var host in new[] { from, to })
                if (mine.Count(m => m.From == host || m.To == host) > limit.PerHost) Break($"{call}: too many at {host} against \"{limit.Text}\"");
        }

        // Judged before the intention is written, which takes its time. A server knows what the one before it measured.
        foreach (var subject in new[] { $"vm/{vm}", $"host/{to}" })
            if (!_run.World.MeasuredAt.TryGetValue(subject, out var at) || Now - at > 3 * Poll + _run.Store.AppendTakes) Break($"{call}: {subject} was last measured {(at == default ? "never" : at.ToString("HH:mm:ss"))}");
        if (_run.World.Unproven.Contains(to)) Break($"{call}: it has come up, and nobody has looked it over since");
        if (_run.World.WithoutStorage.Contains(to) && _run.World.KnownWithStorage.Contains(to)) Break($"{call}: it has come up without its storage");
        if (_run.World.Vms[vm].Tags.Contains("pinned") && _policies.Constraints.Any(c => c is StandingConstraint.NeverMigrate)) Break($"{call}: it is pinned");
    }

    private Site SiteNow() => new(_run.World.Hosts.Values, _run.World.Vms.Values);

    private Dictionary<string, string> Moving() => _run.World.Migrating.ToDictionary(m => m.Key, m => m.Value.To);

    /// <summary>
    /// What somebody else did to the site is taken note of and held against nobody; nor is how full a host is to which somebody else put a VM: the server
    /// can't have known before its next poll.
    /// </summary>
    private void Judge(string what)
    {
        var broken = _witness.Judge(Now, SiteNow(), Moving()).Where(b => !_run.World.FilledFromOutside.Any(h => b.StartsWith($"host {h} ", StringComparison.Ordinal))).ToList();
        if (!what.EndsWith("from outside", StringComparison.Ordinal)) foreach (var reason in broken) Break($"{what}: {reason}");
    }

    private void OnHappened(string what)
    {
        Judge(what);
        foreach (var host in _run.World.Hosts.Values)
        {
            var vms = _run.World.VmsOn(host.Name).ToList();
            if (host.State is HostState.Off or HostState.PoweringOff && vms.Count > 0) Break($"{what}: {host.Name} is {host.State} with {string.Join(", ", vms)}");
            if (vms.Sum(v => _run.World.Vms[v].MemoryBytes) > host.MemoryBytes && !_run.World.FilledFromOutside.Contains(host.Name)) Break($"{what}: {host.Name} holds more memory than it has");
        }

        foreach (var vm in _placeBefore.Keys.Where(v => !_run.World.Vms.ContainsKey(v) && !_run.World.StoppedFromOutside.Contains(v))) Break($"{what}: vm {vm} is lost");
        var on = HostsOn();
        foreach (var keep in _policies.Constraints.OfType<StandingConstraint.AlwaysKeepHostsOn>())
        {
            foreach (var (cluster, before) in _onAtStart)
                if ((keep.Cluster ?? cluster) == cluster && on[cluster] < Math.Min(before, keep.Count)) Break($"{what}: {on[cluster]} hosts of {cluster} are on against \"{keep.Text}\"");
        }
    }

    /// <summary>One that has crashed was powered off by nobody.</summary>
    private Dictionary<string, int> HostsOn() =>
        _run.World.Hosts.Values.GroupBy(h => h.Cluster).ToDictionary(g => g.Key, g => g.Count(h => h.State is HostState.On or HostState.Unreachable));

    private void Break(string what) => Broken.Add($"{Now:HH:mm:ss} {what}");
}
