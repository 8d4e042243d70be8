namespace Ulm.Engine.Simulation;

/// <summary>
/// Service lost by full hosts and by migrations, as A. Beloglazov and R. Buyya define it (Concurrency and Computation 24(13), 2012). All
/// results are fractions.
/// </summary>
public sealed class SlaAccount
{
    private readonly Dictionary<string, (double Violated, double Active)> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (double Lost, double Requested)> _vms = new(StringComparer.Ordinal);

    /// <summary>Violation time per active host (SLATAH): mean over the hosts that ever were active of the share of that time in which they were short of CPU.</summary>
    public double Slatah => _hosts.Count == 0 ? 0 : _hosts.Values.Average(h => Share(h.Violated, h.Active));

    /// <summary>The same as one share of all hosts' time together.</summary>
    public double SlatahOfAllTime => Share(_hosts.Values.Sum(h => h.Violated), _hosts.Values.Sum(h => h.Active));

    /// <summary>Performance degradation by migrations (PDM): mean over VMs of the CPU lost to them, as a share of the CPU asked for.</summary>
    public double Pdm => _vms.Count == 0 ? 0 : _vms.Values.Average(v => Share(v.Lost, v.Requested));

    /// <summary>The same as one share of all VMs' CPU together.</summary>
    public double PdmOfAllWork => Share(_vms.Values.Sum(v => v.Lost), _vms.Values.Sum(v => v.Requested));

    /// <param name="violated">Its VMs did not get all they asked for.</param>
    public void HostWasActive(string host, double seconds, bool violated)
    {
        var time = _hosts.GetValueOrDefault(host);
        _hosts[host] = (time.Violated + (violated ? seconds : 0), time.Active + seconds);
    }

    /// <param name="lost">MIPS it did not get because of a migration.</param>
    /// <param name="requested">MIPS it asked for.</param>
    public void VmRan(string vm, double lost, double requested, double seconds)
    {
        var work = _vms.GetValueOrDefault(vm);
        _vms[vm] = (work.Lost + lost * seconds, work.Requested + requested * seconds);
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
