namespace Ulm.PlanetLab.Reference;

/// <summary>One day under one policy, as the reference simulator itself gives it.</summary>
/// <param name="EnergyKWh">To 0.01.</param>
/// <param name="SlatahPercent">To 0.001.</param>
/// <param name="PdmPercent">To 0.0001.</param>
/// <param name="MeanHostsOn">To 0.1.</param>
public sealed record KnownFigure(
    string Day, string Policy, double EnergyKWh, int Migrations, double SlatahPercent, double PdmPercent, int Shutdowns, double MeanHostsOn);

/// <summary>
/// Measured by running CloudSim 3.0.3's own PlanetLab example (Beloglazov and Buyya, CCPE 24(13), 2012) on the shipped days, with the traces sorted by name.
/// </summary>
public static class KnownFigures
{
    public static readonly IReadOnlyList<KnownFigure> Published =
    [
        new("20110303", "DVFS", 802.75, 0, 0, 0, 455, 358.6),
        new("20110303", "THR-MMT-0.8", 192.62, 26711, 4.913, 0.0646, 5885, 72.7),
        new("20110303", "MAD-MMT-2.5", 185.79, 26556, 5.049, 0.0662, 5828, 69.7),
        new("20110303", "IQR-MMT-1.5", 189.98, 26282, 4.823, 0.0624, 5868, 71.5),
        new("20110303", "LR-MMT-1.2", 163.48, 27859, 5.858, 0.0793, 5053, 59.6),
        new("20110306", "DVFS", 625.53, 0, 0, 0, 544, 280.2),
        new("20110306", "THR-MMT-0.8", 144.74, 20908, 5.134, 0.0700, 4682, 54.7),
        new("20110306", "MAD-MMT-2.5", 140.07, 20682, 5.196, 0.0720, 4593, 52.7),
        new("20110306", "IQR-MMT-1.5", 143.97, 20742, 5.041, 0.0669, 4703, 54.4),
        new("20110306", "LR-MMT-1.2", 123.28, 20878, 5.882, 0.0786, 4018, 45.1),
        new("20110409", "DVFS", 935.01, 0, 0, 0, 409, 419.8),
        new("20110409", "THR-MMT-0.8", 209.32, 29377, 4.866, 0.0620, 6293, 79.2),
        new("20110409", "MAD-MMT-2.5", 202.55, 28848, 4.912, 0.0625, 6203, 76.2),
        new("20110409", "IQR-MMT-1.5", 208.13, 29002, 4.799, 0.0595, 6267, 78.7),
        new("20110409", "LR-MMT-1.2", 179.89, 31556, 5.863, 0.0762, 5563, 66.0),
    ];

    /// <summary>
    /// The best of its policies on each day with two changes to the simulator: VMs stay all day and a host with one is on; VMs hold their memory. Moves are the
    /// fewest that any of them makes.
    /// </summary>
    public static readonly IReadOnlyList<KnownFigure> Honest =
    [
        new("20110303", "IQR-MMT-1.5", 882.14, 559, 0.041, 0.0005, 418, 382.2),
        new("20110306", "THR-MMT-0.8", 753.45, 541, 0.033, 0.0009, 475, 325.1),
        new("20110409", "IQR-MMT-1.5", 1124.31, 481, 0.019, 0.0002, 306, 495.8),
    ];
}
