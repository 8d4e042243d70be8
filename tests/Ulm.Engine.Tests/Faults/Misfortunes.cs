using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Faults;

/// <summary>Lets the troubles of a scenario come over a world and pass again, by timers of virtual time: they do not care whether a server runs.</summary>
internal sealed class Misfortunes
{
    private readonly Run _run;
    private readonly List<Trouble> _present = [];
    private readonly SomebodysOrders _orders;
    private int _late;

    public Misfortunes(Run run, IEnumerable<Trouble> troubles)
    {
        (_run, _orders) = (run, new SomebodysOrders(run));
        foreach (var trouble in troubles)
        {
            At(trouble.At, () => Begin(trouble));
            if (trouble.For > TimeSpan.Zero) At(trouble.At + trouble.For, () => End(trouble));
        }

        run.World.FateOf = Fate;
        run.World.ObservationTakes = () => Is(TroubleKind.PollsAreSlow) ? TimeSpan.FromSeconds(17) : TimeSpan.Zero;
        run.Store.Refuses = (_, _) => Is(TroubleKind.StoreIsFull);
    }

    /// <summary>Something begins or passes, in words.</summary>
    public event Action<string>? Told;

    private World World => _run.World;

    private void At(TimeSpan after, Action act) => _run.Time.CreateTimer(_ => act(), null, after, Timeout.InfiniteTimeSpan);

    private bool Is(TroubleKind kind, string? host = null) => _present.Exists(t => t.Kind == kind && (host is null || t.Host == host));

    private void Begin(Trouble trouble)
    {
        _present.Add(trouble);
        if (trouble.Kind is not (TroubleKind.ServerIsKilled or TroubleKind.ServerIsStopped)) Told?.Invoke($"TROUBLE {trouble.Kind} {trouble.Host}{(trouble.For > TimeSpan.Zero ? $" for {Show.Duration(trouble.For)}" : "")}");
        Settle();
        switch (trouble.Kind)
        {
            case TroubleKind.HostCrashes when !World.Asleep.Contains(trouble.Host!):
                World.Crash(trouble.Host!);
                break;
            case TroubleKind.HostRestarts:
                World.CrashAndReturn(trouble.Host!, vm => vm.Length > 0 && char.IsDigit(vm[^1]) && (vm[^1] - '0') % 2 == 0);
                break;
            case TroubleKind.SomebodyOrders:
                _orders.Begin(trouble);
                break;
            case TroubleKind.HostIsCutOff:
                World.BreakMigrationsOf(trouble.Host!);
                break;
            case TroubleKind.GuestStarts when IsOpen(trouble.Host!) && Room(trouble.Host!) > Some.GiB:
                World.Put(Some.Vm(trouble.Vm!, trouble.Host!, 1, 1));
                break;
            case TroubleKind.GuestStops when trouble.Vm is { } vm && World.Vms.ContainsKey(vm):
                World.Stop(vm);
                break;
            case TroubleKind.GuestIsMoved when trouble.Vm is { } vm && World.Vms.TryGetValue(vm, out var moved) && !World.Migrating.ContainsKey(vm) && moved.Host != trouble.Host
                && IsOpen(trouble.Host!) && IsOpen(moved.Host) && Room(trouble.Host!) > moved.MemoryBytes && World.Hosts[moved.Host].Cluster == World.Hosts[trouble.Host!].Cluster:
                World.Put(moved with { Host = trouble.Host! });
                break;
        }
    }

    private void End(Trouble trouble)
    {
        _present.Remove(trouble);
        if (trouble.Kind is not (TroubleKind.ServerIsKilled or TroubleKind.ServerIsStopped)) Told?.Invoke($"over: {trouble.Kind} {trouble.Host}");
        Settle();
        if (trouble.Kind == TroubleKind.SomebodyOrders) _orders.End(trouble);
        if (trouble.Kind == TroubleKind.HostCrashes && !Is(TroubleKind.HostCrashes, trouble.Host)) World.Return(trouble.Host!);
    }

    /// <summary>What lasts is as those troubles say that are present.</summary>
    private void Settle()
    {
        Are(World.Unmeasured, TroubleKind.MuninSilent);
        Are(World.BmcRefuses, TroubleKind.BmcRefuses);
        Are(World.BmcIsLate, TroubleKind.BmcIsLate);
        Are(World.BmcLies, TroubleKind.BmcLies);
        Are(World.NeverBoots, TroubleKind.NeverBoots);
        Are(World.IgnoresShutdown, TroubleKind.IgnoresShutdown);
        Are(World.Silent, TroubleKind.LibvirtSilent);
        // Where no VM gets away none can come to either, which another target is the answer to.
        Are(World.CantTake, TroubleKind.MigrationsFail);
        Are(World.CutOff, TroubleKind.HostIsCutOff);
        foreach (var asleep in World.Asleep) World.Silent.Add(asleep);
        World.Clock.IsOff = TimeSpan.FromSeconds(_present.Where(t => t.Kind == TroubleKind.ClockIsSet).Sum(t => t.Number));
        _run.Store.AppendTakes = Is(TroubleKind.StoreIsSlow) ? TimeSpan.FromSeconds(2) : TimeSpan.Zero;
        _run.Store.RefusesOrders = Is(TroubleKind.StoreIsFull);
    }

    /// <summary>To be told of what a server is about to write.</summary>
    public void OnAppending(IReadOnlyList<JournalEntry> entries)
    {
        if (!Is(TroubleKind.GuestStartsAtPowerOff)) return;
        foreach (var host in entries.Where(e => e.ToAction() is { Kind: BegunKind.PowerOff }).Select(e => e.ToAction()!.Subject).Where(h => IsOpen(h) && Room(h) > Some.GiB).ToList())
            World.Put(Some.Vm($"late{++_late}", host, 1, 1));
    }

    private void Are(HashSet<string> hosts, TroubleKind kind)
    {
        hosts.Clear();
        foreach (var trouble in _present.Where(t => t.Kind == kind)) hosts.UnionWith(trouble.Host is { } host ? [host] : World.Hosts.Keys);
    }

    private MigrationFate Fate(string vm)
    {
        var fate = _present.Find(t => t.Kind is TroubleKind.MigrationsFail or TroubleKind.MigrationsStall or TroubleKind.MigrationsLie or TroubleKind.MigrationsThrowThoughTheyMoved or TroubleKind.MigrationsIgnoreAborts
            && (t.Host is null || t.Host == World.Vms[vm].Host));
        return fate?.Kind switch
        {
            TroubleKind.MigrationsFail => MigrationFate.Fails,
            TroubleKind.MigrationsStall => MigrationFate.Hangs,
            TroubleKind.MigrationsLie => MigrationFate.SucceedsThoughItDidNot,
            TroubleKind.MigrationsThrowThoughTheyMoved => MigrationFate.ThrowsThoughItMoved,
            TroubleKind.MigrationsIgnoreAborts => MigrationFate.ArrivesThoughAborted,
            _ => MigrationFate.Moves,
        };
    }

    /// <summary>Where somebody may start a guest: not on a host that is going down, as no hypervisor would.</summary>
    private bool IsOpen(string host) => World.Hosts[host].State == HostState.On && !World.GoingOff.Contains(host) && !World.Asleep.Contains(host);

    /// <summary>What is on its way there needs its room too.</summary>
    private long Room(string host) => World.Hosts[host].MemoryBytes
        - World.Vms.Values.Where(v => v.Host == host || World.Migrating.TryGetValue(v.Name, out var way) && way.To == host).Sum(v => v.MemoryBytes);
}
