using System.Collections.Immutable;
using Ulm.Engine.Loop;
using Ulm.Server.Policies;

namespace Ulm.Server.Configuration;

/// <summary>Everything of <c>ulm.toml</c>, read and checked. Relative paths are already resolved against the file's folder.</summary>
public sealed record ServerConfig
{
    public const string DefaultSocket = "/run/ulm/ulm.sock";

    public const string DefaultStore = "/var/lib/ulm/ulm.db";

    public required string PolicyDirectory { get; init; }

    public required string StorePath { get; init; }

    /// <summary>How long entries of the journal are kept. Default two years; at least what budgets look back on.</summary>
    public TimeSpan JournalKept { get; init; } = TimeSpan.FromDays(730);

    public string Socket { get; init; } = DefaultSocket;

    /// <summary>A loopback or LAN address for HTTP beside the socket, such as <c>http://127.0.0.1:8080</c>; null: none.</summary>
    public string? Listen { get; init; }

    public required LoopOptions Loop { get; init; }

    /// <summary>What policies are compiled for.</summary>
    public SiteClock Clock => new(Loop.TimeZone, Loop.PollingInterval);

    public required ImmutableArray<HostConfig> Hosts { get; init; }

    /// <summary>Folders of hosts that are each host's own: VMs with disks there can't be moved while they run.</summary>
    public ImmutableArray<string> LocalStorage { get; init; } = [];

    /// <summary>See <see cref="LoopOptions.MayGoOffFor"/>: an orderly shutdown of any of these hosts is over by then.</summary>
    public TimeSpan MayGoOffFor => Hosts.Select(h => h.Power is { } power ? power.ShutdownTime * 2 : TimeSpan.Zero).Append(Loop.MayGoOffFor).Max();

    /// <summary>What <c>run hook NAME</c> may run.</summary>
    public ImmutableArray<CommandConfig> Hooks { get; init; } = [];

    /// <summary>Where <c>notify "TEXT" via NAME</c> may go, beside the log.</summary>
    public ImmutableArray<ChannelConfig> Channels { get; init; } = [];

    /// <summary>Where a <c>notify</c> without a name goes.</summary>
    public string DefaultChannel { get; init; } = ChannelConfig.Log;
}

/// <summary>One host: where its hypervisor, its munin-node and its BMC are, and what they can't say of themselves.</summary>
public sealed record HostConfig
{
    public required string Name { get; init; }

    public required string Cluster { get; init; }

    /// <summary>libvirt URI that this server connects to, and that other hosts use to migrate here.</summary>
    public required string LibvirtUri { get; init; }

    /// <summary>Where other hosts reach this one's libvirt; the same as <see cref="LibvirtUri"/> unless said otherwise.</summary>
    public required string MigrationUri { get; init; }

    public required string MuninHost { get; init; }

    public required int MuninPort { get; init; }

    /// <summary>CPUs, where libvirt's own figure is not the one that counts; null: ask libvirt.</summary>
    public int? Cpus { get; init; }

    public double? CpuMips { get; init; }

    /// <summary>What migrations from and to it may use; Mbit/s; null: <see cref="Engine.Inventory.Host.DefaultNetMbps"/>.</summary>
    public double? NetMbps { get; init; }

    public ImmutableHashSet<string> Tags { get; init; } = [];

    public ImmutableArray<double> Watts { get; init; } = [];

    public double OffWatts { get; init; }

    public TimeSpan? BootTime { get; init; }

    /// <summary>Urgent migrations from and to it may be finished by post-copy: the VM is lost if one of the two hosts, or the link, fails then.</summary>
    public bool AllowsPostCopy { get; init; }

    /// <summary>Null: this host can't be powered off or on.</summary>
    public PowerConfig? Power { get; init; }
}
