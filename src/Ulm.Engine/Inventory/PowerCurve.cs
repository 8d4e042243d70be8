using System.Collections.Immutable;

namespace Ulm.Engine.Inventory;

/// <summary>What a host draws, in watts, at 0, 10, ... 100 % CPU; linear in between.</summary>
public sealed record PowerCurve
{
    public const int Points = 11;

    /// <summary>A mid-size rack server, for hosts whose curve nobody entered: 100 W idle, 250 W at full load.</summary>
    public static readonly PowerCurve Typical = new([.. Enumerable.Range(0, Points).Select(i => 100 + 15.0 * i)], 0);

    /// <exception cref="ArgumentException">Not eleven figures, or one that is negative or no number.</exception>
    public PowerCurve(ImmutableArray<double> watts, double offWatts)
    {
        if (watts.Length != Points || watts.Any(w => !double.IsFinite(w) || w < 0) || !double.IsFinite(offWatts) || offWatts < 0)
            throw new ArgumentException("a power curve has eleven figures of 0 W or more, for 0, 10, ... 100 % CPU");
        Watts = watts;
        OffWatts = offWatts;
    }

    public ImmutableArray<double> Watts { get; }

    /// <summary>Draw while off: the BMC's share.</summary>
    public double OffWatts { get; }

    /// <param name="cpu">0 to 1; what lies outside is cut off.</param>
    public double At(double cpu)
    {
        var tenths = Math.Clamp(cpu, 0, 1) * (Points - 1);
        var below = Math.Min((int)tenths, Points - 2);
        return Watts[below] + (Watts[below + 1] - Watts[below]) * (tenths - below);
    }
}
