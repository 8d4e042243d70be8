using System.Collections.Immutable;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>Why something can't be done. The code is stable; the reason carries the numbers.</summary>
public enum RefusalCode
{
    NoHostFits = 6201,
    HostNotOn = 6202,
    NotEnoughMemory = 6203,
    TooMuchCpu = 6204,
    CpuModelDiffers = 6205,
    NeverMigrate = 6206,
    DataUnknown = 6207,
    BeingActedOn = 6208,
    OtherCluster = 6209,
    KeepHostsOn = 6210,
    NothingToGain = 6211,
    NotMigratable = 6212,
    NoHostToPowerOn = 6213,
    NoPowerControl = 6214,
    HeldBack = 6215,
    SameHost = 6216,
    FactsMoved = 6217,
    HostNotEmpty = 6218,
    NotActing = 6219,
    KeepOn = 6220,
    KeepApart = 6221,
    KeepTogether = 6222,
    NeverPowerOff = 6223,
    ReservedHosts = 6224,
    ReservedShare = 6225,
    Overcommitted = 6226,
    MigrationBudgetSpent = 6227,
    PowerCyclesSpent = 6228,
    CoolingDown = 6229,
    RuleBudgetSpent = 6230,
    NoSuchSubject = 6231,
    NotSupported = 6232,
    RuleWouldAct = 6233,
    MovedLately = 6234,
    WantedAgainSoon = 6240,
}

/// <summary>One reason of a filter.</summary>
public sealed record Obstacle(RefusalCode Code, string Reason)
{
    /// <summary>Reasons that go on where the name of a host stands: <c>is held by ann</c>.</summary>
    private static readonly string[] Clauses = ["is ", "offers "];

    /// <summary>Of an obstacle at a host: <c>h2 is off</c>, <c>h2: memory 60GiB + 8GiB of 64GiB is over 95%</c>.</summary>
    public string At(Host host) => $"{host.Name}{(Clauses.Any(c => Reason.StartsWith(c, StringComparison.Ordinal)) ? "" : ":")} {Reason}";
}

/// <summary>A decision, or a part of one, that could not be planned or was not carried out.</summary>
/// <param name="Subject">What it was about, such as <c>host/h1</c>.</param>
/// <param name="Why">One line a reason.</param>
public sealed record Refusal(RefusalCode Code, string Rule, string Subject, ImmutableArray<string> Why)
{
    /// <summary>Whose part it is; null: nobody decided it, such as a constraint that can't be mended.</summary>
    public string? Decision { get; init; }

    /// <summary><c>ULM6203</c>.</summary>
    public string CodeText => Text(Code);

    public static string Text(RefusalCode code) => $"ULM{(int)code}";

    /// <summary>True of an outcome that is a refusal's code.</summary>
    public static bool IsCode(string? outcome) => outcome is not null && outcome.StartsWith("ULM", StringComparison.Ordinal);
}
