using Ulm.Engine.Inventory;

namespace Ulm.PlanetLab;

/// <summary>The experiment's hosts and VMs. Memory is in MB of 2^20 bytes, as everywhere in ULM; only ratios matter.</summary>
public static class Machines
{
    public const int HostCount = 800;

    /// <summary>Half of a host's link of 1 Gbit/s is for migrations: 62.5 MB/s.</summary>
    public const double MigrationMBPerSecond = 62.5;

    // SPECpower_ssj2008 of HP ProLiant ML110 G4 (Xeon 3040) and G5 (Xeon 3075), as the paper and its simulator give them.
    private static readonly PowerCurve G4 = new([86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117], 0);
    private static readonly PowerCurve G5 = new([93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135], 0);

    private static readonly (double Mips, int MB)[] VmTypes = [(2500, 870), (2000, 1740), (1000, 1740), (500, 613)];

    /// <summary>Even numbers are G4, odd ones G5.</summary>
    public static Host HostAt(int number) => new()
    {
        Name = $"h{number:000}",
        Cpus = 2,
        CpuMips = number % 2 == 0 ? 1860 : 2660,
        MemoryBytes = 4096L << 20,
        NetMbps = MigrationMBPerSecond * (1 << 20) * 8 / 1e6,
        Power = number % 2 == 0 ? G4 : G5,
    };

    /// <summary>The day's rows are cut into four consecutive quarters, one a type.</summary>
    /// <param name="number">Of the row, which gives the VM its load.</param>
    public static Vm VmAt(int number, TraceDay day, string host)
    {
        var (mips, mb) = VmTypes[number / ((day.Rows.Count + VmTypes.Length - 1) / VmTypes.Length)];
        return new Vm { Name = day.Rows[number].Name, Host = host, Vcpus = 1, CpuMips = mips, MemoryBytes = (long)mb << 20 };
    }
}
