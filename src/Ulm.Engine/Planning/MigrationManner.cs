using Ulm.Engine.Decisions;

namespace Ulm.Engine.Planning;

/// <summary>How a VM is moved: what it may cost the VM and its neighbours, and when it is given up.</summary>
/// <param name="Name"><c>gentle</c>, <c>normal</c> or <c>urgent</c>, as the configuration and the journal call it.</param>
public sealed record MigrationManner(string Name)
{
    /// <summary>The most that is copied each second, MiB; 0: as much as the links carry.</summary>
    public int BandwidthMiBps { get; init; }

    /// <summary>The same in bytes; infinite: as much as the links carry.</summary>
    public double BytesPerSecond => BandwidthMiBps == 0 ? double.PositiveInfinity : BandwidthMiBps * (double)(1 << 20);

    /// <summary>The VM is slowed down, more and more, while it writes to its memory faster than it is copied.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>
    /// After so long it goes on at the target and fetches the rest of its memory from the source, where both hosts allow it. From then on
    /// neither host alone has the whole VM, and nothing aborts it any more. Null: never.
    /// </summary>
    public TimeSpan? PostCopyAfter { get; init; }

    /// <summary>It is aborted when it takes longer.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>It is aborted when the least that was ever left to copy has not become less for so long.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Behind <c>migrate vm a from h1 to h2</c>: <c>" gently"</c>; nothing where it is moved as VMs are.</summary>
    public static string Adverb(string name) => name switch
    {
        MigrationManners.GentleName => " gently",
        MigrationManners.UrgentName => " urgently",
        _ => "",
    };

    public override string ToString() => Name;
}

/// <summary>The three manners of moving a VM, and which of them is whose.</summary>
public sealed record MigrationManners
{
    public const string GentleName = "gentle";

    public const string NormalName = "normal";

    public const string UrgentName = "urgent";

    public static readonly MigrationManners Default = new();

    /// <summary>For what can wait: it takes a part of the link, leaves the VM its speed, and is soon given up.</summary>
    public MigrationManner Gentle { get; init; } = new(GentleName) { BandwidthMiBps = 200, StallLimit = TimeSpan.FromMinutes(2) };

    public MigrationManner Normal { get; init; } = new(NormalName) { AutoConverge = true };

    /// <summary>For hosts that have to be empty: whatever it costs the VM, it is to arrive.</summary>
    public MigrationManner Urgent { get; init; } = new(UrgentName) { AutoConverge = true, PostCopyAfter = TimeSpan.FromMinutes(2), StallLimit = TimeSpan.FromMinutes(10) };

    public MigrationManner For(Urgency urgency) => NameOf(urgency) switch
    {
        UrgentName => Urgent,
        GentleName => Gentle,
        _ => Normal,
    };

    public static string NameOf(Urgency urgency) => urgency switch
    {
        Urgency.Drain => UrgentName,
        Urgency.Balance => GentleName,
        _ => NormalName,
    };

    /// <summary>The same, each aborted after this time.</summary>
    public MigrationManners Within(TimeSpan limit) => this with { Gentle = Gentle with { TimeLimit = limit }, Normal = Normal with { TimeLimit = limit }, Urgent = Urgent with { TimeLimit = limit } };
}
