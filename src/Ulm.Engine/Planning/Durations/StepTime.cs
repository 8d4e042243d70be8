using Ulm.Engine.Facts;

namespace Ulm.Engine.Planning.Durations;

/// <summary>How long one step takes by itself.</summary>
internal static class StepTime
{
    /// <returns>Null, and why: it does not end by itself.</returns>
    public static (TimeSpan? Takes, string? EndlessBecause) Of(PlannedAction action, MigrationManner manner, SiteFacts facts) => action switch
    {
        PlannedAction.Migrate move => OfMigration(move, manner, facts),
        PlannedAction.PowerOn on => (facts.Site.Host(on.Host).BootTime, null),
        PlannedAction.PowerOff off => (UntilIdle(off.Host, facts) + facts.Site.Host(off.Host).ShutdownTime, null),
        PlannedAction.Suspend suspend => (UntilIdle(suspend.Host, facts), null),
        _ => (TimeSpan.Zero, null),
    };

    private static (TimeSpan?, string?) OfMigration(PlannedAction.Migrate move, MigrationManner manner, SiteFacts facts)
    {
        var vm = facts.Site.Vm(move.Vm);
        var copy = MemoryCopy.Of(vm, facts.Site.Host(move.From), facts.Site.Host(move.To), manner.BytesPerSecond);
        return copy.Ends
            ? (copy.Takes, null)
            : (null, $"vm {vm.Name} writes {Show.Bytes(vm.DirtyBytesPerSecond ?? 0)}/s to its memory, and {Carrier(copy, move, manner)} {Show.Bytes(copy.BytesPerSecond)}/s: the copy does not end by itself; {WhatFollows(manner)}");
    }

    private static string Carrier(MemoryCopy copy, PlannedAction.Migrate move, MigrationManner manner) =>
        copy.BytesPerSecond < manner.BytesPerSecond ? $"the link from {move.From} to {move.To} carries" : $"{OneOf(manner)} copies";

    /// <summary>What a migration of this manner does about a VM that writes faster than it is copied.</summary>
    private static string WhatFollows(MigrationManner manner) => string.Concat(
        $"{OneOf(manner)} ",
        manner.AutoConverge ? "slows the VM down, " : "",
        manner.PostCopyAfter is { } after ? $"goes on by post-copy after {Show.Duration(after)} where both hosts allow it, " : "",
        manner.AutoConverge || manner.PostCopyAfter is not null ? "and " : "",
        $"is given up once nothing was gained for {Show.Duration(manner.StallLimit)}");

    private static string OneOf(MigrationManner manner) => $"{(manner.Name == MigrationManners.UrgentName ? "an" : "a")} {manner} migration";

    /// <summary>A host is switched off once it was empty for a while.</summary>
    private static TimeSpan UntilIdle(string host, SiteFacts facts) =>
        facts.EmptySince.TryGetValue(host, out var since) && since + SiteFacts.IdleAfter - facts.At is var left
            ? (left > TimeSpan.Zero ? left : TimeSpan.Zero)
            : SiteFacts.IdleAfter;
}
