namespace Ulm.Engine.Planning.Search;

/// <summary>What moves as one: a VM, or VMs that are kept together.</summary>
/// <param name="Cpu">What it uses, MIPS.</param>
/// <param name="MostCpu">What it could use at most.</param>
/// <param name="Home">The host where it is and may stay; -1: it has to go.</param>
internal sealed record Parcel(int[] Vms, double Memory, double Cpu, double MostCpu, int Home = -1);

/// <summary>
/// Packs parcels into the room that hosts have left, by memory and CPU. Largest first, each onto the host that it fills most; one that fits nowhere
/// makes room by sending a smaller one on, if need be one that could have stayed. Counts what it looks at, so that its effort is bounded without a clock.
/// </summary>
internal sealed class Packing
{
    private readonly double[] _memory;
    private readonly double[] _cpu;
    private readonly double[] _uncommitted;
    private readonly List<Parcel>[] _on;
    private readonly Func<Parcel, int, bool> _mayGo;

    /// <param name="memory">Room by host, bytes; a host that takes nothing has none.</param>
    /// <param name="cpu">Room by host, MIPS.</param>
    /// <param name="uncommitted">By host, MIPS left if all its VMs used all they can; often less than none.</param>
    /// <param name="residents">What is on the hosts, has its part in their load, and could be sent on.</param>
    /// <param name="mayGo">What else speaks for or against a parcel on a host.</param>
    public Packing(double[] memory, double[] cpu, double[] uncommitted, IEnumerable<Parcel> residents, Func<Parcel, int, bool> mayGo)
    {
        (_memory, _cpu, _uncommitted, _mayGo) = ([.. memory], [.. cpu], [.. uncommitted], mayGo);
        _on = [.. memory.Select(_ => new List<Parcel>())];
        foreach (var resident in residents) _on[resident.Home].Add(resident);
    }

    /// <summary>Hosts and parcels looked at so far.</summary>
    public long Work { get; private set; }

    /// <summary>False: some found no place, or it took more work than is left.</summary>
    public bool TryPack(IEnumerable<Parcel> parcels, long most)
    {
        foreach (var parcel in parcels.OrderByDescending(p => p.Memory).ThenByDescending(p => p.Cpu).ThenBy(p => p.Vms[0]))
            if (Work > most || !TryPlace(parcel)) return false;
        return true;
    }

    /// <summary>Where each parcel went that is not at home.</summary>
    public IEnumerable<(Parcel Parcel, int Host)> Places => _on.SelectMany((parcels, host) => parcels.Where(p => p.Home != host).Select(p => (p, host)));

    private bool TryPlace(Parcel parcel)
    {
        var host = Fullest(parcel, except: -1);
        if (host < 0) return TrySendOn(parcel);
        Take(host, parcel);
        return true;
    }

    /// <summary>Of the hosts that have room, the one with least memory left; of those, the one whose VMs could run it short of CPU least.</summary>
    private int Fullest(Parcel parcel, int except)
    {
        var best = -1;
        for (var h = 0; h < _memory.Length; h++)
        {
            if (_memory[h] < parcel.Memory || _cpu[h] < parcel.Cpu || h == except) continue;
            if (best >= 0 && (_memory[h] > _memory[best] || (_memory[h] == _memory[best] && _uncommitted[h] <= _uncommitted[best]))) continue;
            if (_mayGo(parcel, h)) best = h;
        }

        Work += _memory.Length;
        return best;
    }

    /// <summary>Gives it the place of another that finds one elsewhere: the one that costs least to copy; of those that cost the same, the smallest.</summary>
    private bool TrySendOn(Parcel parcel)
    {
        var candidates = new List<(double Copied, Parcel Sent, int From)>();
        for (var h = 0; h < _memory.Length; h++)
        {
            Work += 1 + _on[h].Count;
            if (_on[h].Count == 0 || !_mayGo(parcel, h)) continue;
            foreach (var p in _on[h])
                if (_memory[h] + p.Memory >= parcel.Memory && _cpu[h] + p.Cpu >= parcel.Cpu) candidates.Add((p.Home == h ? p.Memory : 0, p, h));
        }

        foreach (var (_, sent, from) in candidates.OrderBy(c => c.Copied).ThenBy(c => c.Sent.Memory).ThenBy(c => c.Sent.Cpu).ThenBy(c => c.Sent.Vms[0]))
        {
            var to = Fullest(sent, except: from);
            if (to < 0) continue;
            _on[from].Remove(sent);
            Count(from, sent, -1);
            Take(from, parcel);
            Take(to, sent);
            return true;
        }

        return false;
    }

    private void Take(int host, Parcel parcel)
    {
        _on[host].Add(parcel);
        Count(host, parcel, 1);
    }

    private void Count(int host, Parcel parcel, int sign)
    {
        _memory[host] -= sign * parcel.Memory;
        _cpu[host] -= sign * parcel.Cpu;
        _uncommitted[host] -= sign * parcel.MostCpu;
    }
}
