using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>Adds up what hosts draw, stretch by stretch, by their own curves.</summary>
public sealed class EnergyAccount
{
    private double _joules;

    public double KWh => _joules / 3.6e6;

    /// <param name="watts">All the while.</param>
    public void Add(double watts, double seconds) => _joules += watts * seconds;

    /// <summary>A host whose draw goes evenly from that at one load to that at another.</summary>
    /// <param name="cpuBefore">0 to 1, at the beginning of the stretch; <paramref name="cpuAfter"/> at its end.</param>
    public void Add(PowerCurve power, double cpuBefore, double cpuAfter, double seconds) =>
        Add((power.At(cpuBefore) + power.At(cpuAfter)) / 2, seconds);
}
