using System.Globalization;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>Which guests a host's CPU can run. A guest keeps the CPU it has seen: it may only go where there is no less.</summary>
public static class CpuModels
{
    private const string Levels = "x86-64-v";

    /// <param name="wanted">What the VM needs; null: anything.</param>
    public static bool Fits(string? wanted, Host host)
    {
        if (wanted is null) return true;
        if (host.UnusableCpuModels.Contains(wanted)) return false;
        if (Level(wanted) is not { } needed) return !IsNamedModel(wanted) || host.CpuModel is null || host.CpuModel == wanted;
        return host.CpuModel is null || (Level(host.CpuModel) is { } offered && offered >= needed);
    }

    /// <summary>The x86-64 psABI's levels: each has all that the ones below it have.</summary>
    private static int? Level(string model) =>
        model.StartsWith(Levels, StringComparison.Ordinal) && int.TryParse(model.AsSpan(Levels.Length), CultureInfo.InvariantCulture, out var level) ? level : null;

    /// <summary>Definitions that a hypervisor was asked about go by a made-up name; its answer is in <see cref="Host.UnusableCpuModels"/>.</summary>
    private static bool IsNamedModel(string model) => !model.StartsWith(AskedPrefix, StringComparison.Ordinal);

    /// <summary>How names of asked-about CPU definitions begin.</summary>
    public const string AskedPrefix = "cpu-definition-";
}
