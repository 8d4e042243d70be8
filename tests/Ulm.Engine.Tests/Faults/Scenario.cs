using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Faults;

/// <summary>Something that goes wrong at a site, at its hypervisors and BMCs, at the store or at the server.</summary>
internal enum TroubleKind
{
    HostCrashes,
    LibvirtSilent,
    MuninSilent,
    PollsAreSlow,
    BmcRefuses,
    BmcIsLate,
    BmcLies,
    NeverBoots,
    IgnoresShutdown,
    MigrationsFail,
    MigrationsStall,
    MigrationsThrowThoughTheyMoved,
    MigrationsLie,
    MigrationsIgnoreAborts,
    GuestStarts,
    GuestStops,
    GuestIsMoved,
    StoreIsFull,
    StoreIsSlow,
    ServerIsKilled,
    ServerIsStopped,

    /// <summary>It crashes and is back at once, with its VMs started anew (those of an even number) or without them.</summary>
    HostRestarts,

    /// <summary>Its hypervisor answers, and no other host reaches it: migrations from and to it break.</summary>
    HostIsCutOff,

    /// <summary>Somebody starts a guest on each host that is to be powered off, as soon as that is in the journal.</summary>
    GuestStartsAtPowerOff,

    /// <summary>The clock of the server's machine is set, forward or back, and set right again when this is over.</summary>
    ClockIsSet,

    /// <summary>Somebody gives an order by hand, or holds a host, in the middle of whatever goes on; and ends that when this is over.</summary>
    SomebodyOrders,
}

/// <param name="At">After the beginning.</param>
/// <param name="For">How long it lasts; of the server: until it is started again.</param>
/// <param name="Host">Whom it strikes, or (migrations, guests, the server) with whom it has to do.</param>
/// <param name="Number">Of a kill: at which point from then on. Of a clock: by how many seconds it is wrong. Of an order: which.</param>
internal sealed record Trouble(TroubleKind Kind, TimeSpan At, TimeSpan For, string? Host = null, string? Vm = null, int Number = 0)
{
    public override string ToString() => $"{At:d\\.hh\\:mm\\:ss} {Kind}{(Host is null ? "" : $" {Host}")}{(Vm is null ? "" : $" {Vm}")}{(For > TimeSpan.Zero ? $" for {For}" : "")}{(Number > 0 ? $" at point {Number}" : "")}";
}

/// <summary>A site, its policies, its loads and all that goes wrong: plain data, so that it can be made smaller part by part.</summary>
internal sealed record Scenario(
    int Seed, ImmutableArray<Host> Hosts, ImmutableArray<Vm> Vms, ImmutableArray<string> Sentences, ImmutableArray<Trouble> Troubles, TimeSpan Duration, LoopOptions Options)
{
    /// <summary>Each VM changes its mind every twenty minutes; now and then nobody can measure it.</summary>
    public double? Load(string vm, DateTimeOffset at)
    {
        var random = new Random(Hash(vm, (int)((at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.FromMinutes(20).Ticks)));
        return random.Next(40) == 0 ? null : Math.Pow(random.NextDouble(), 3) * 100;
    }

    public PolicySet Policies()
    {
        var compiled = PolicyCompiler.Compile([new SourceText("site.ulm", string.Join("\n", Sentences))]);
        return compiled.HasErrors
            ? throw new InvalidOperationException($"seed {Seed}: {string.Join("\n", compiled.Diagnostics.Where(d => d.Severity == Dsl.Diagnostics.DiagnosticSeverity.Error).Select(d => d.Message))}\n{string.Join("\n", Sentences)}")
            : compiled.Policies;
    }

    /// <summary>Not negative, and the same in every process.</summary>
    private int Hash(string name, int number)
    {
        var hash = (uint)Seed * 2654435761;
        foreach (var letter in name) hash = (hash ^ letter) * 16777619;
        hash = (hash ^ (uint)number) * 16777619;
        return (int)((hash ^ (hash >> 15)) * 2246822519 >> 1);
    }
}
