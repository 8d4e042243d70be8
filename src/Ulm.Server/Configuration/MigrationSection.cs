using System.Collections.Immutable;
using Ulm.Engine.Planning;

namespace Ulm.Server.Configuration;

/// <summary>Reads <c>[migration]</c>: what holds for all VMs that are moved, and what each manner says otherwise.</summary>
internal static class MigrationSection
{
    private static readonly TimeSpan ShortestLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestLimit = TimeSpan.FromDays(1);

    public static MigrationManners Read(ConfigSection migration)
    {
        var manners = MigrationManners.Default;
        return new MigrationManners
        {
            Gentle = Read(migration, manners.Gentle),
            Normal = Read(migration, manners.Normal),
            Urgent = Read(migration, manners.Urgent),
        };
    }

    public static ImmutableArray<string> LocalStorage(ConfigSection migration)
    {
        var folders = migration.Texts("local-storage");
        foreach (var folder in folders.Where(f => !f.StartsWith('/'))) migration.Fault("local-storage", $"\"{folder}\" is no folder of a host, such as \"/var/lib/libvirt/images\"");
        return [.. folders];
    }

    private static MigrationManner Read(ConfigSection migration, MigrationManner manner)
    {
        var own = migration.Section(manner.Name);
        var read = manner with
        {
            BandwidthMiBps = own.Whole("bandwidth", manner.BandwidthMiBps, 0, 1_000_000),
            AutoConverge = own.Flag("auto-converge", manner.AutoConverge),
            TimeLimit = Limit("time-limit", manner.TimeLimit),
            StallLimit = Limit("stall-limit", manner.StallLimit),
        };
        // Only what has to arrive at any price is worth its risk.
        if (manner.PostCopyAfter is { } after) read = read with { PostCopyAfter = own.Duration("post-copy-after", after, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) };
        own.RefuseOthers();
        return read;

        TimeSpan Limit(string key, TimeSpan otherwise) => own.Duration(key, migration.Duration(key, otherwise, ShortestLimit, LongestLimit), ShortestLimit, LongestLimit);
    }
}
