namespace Ulm.Engine.Planning.Search;

/// <summary>What moves as one: a VM, or VMs that are kept together.</summary>
internal sealed record Parcel(int[] Vms, double Memory, double Cpu);

/// <summary>
/// Packs parcels into the room that hosts have left, by memory and CPU. Largest first, each onto the host that it fills most; one that fits nowhere
/// makes room by sending a smaller one on. Counts what it looks at, so that its effort is bounded without a clock.
/// </summary>
internal sealed class Packing
{
    private readonly double[] _memory;
    private readonly double[] _cpu;
    private readonly List<Parcel>[] _on;
    private readonly Func<Parcel, int, bool> _mayGo;

    /// <param name="memory">Room by host, bytes; a host that takes nothing has none.</param>
    /// <param name="cpu">Room by host, MIPS.</param>
    /// <param name="mayGo">What else speaks for or against a parcel on a host.</param>
    public Packing(double[] memory, double[] cpu, Func<Parcel, int, bool> mayGo)
    {
        (_memory, _cpu, _mayGo) = ([.. memory], [.. cpu], mayGo);
        _on = [.. memory.Select(_ => new List<Parcel>())];
    }

    /// <summary>Hosts looked at so far.</summary>
    public long Work { get; private set; }

    /// <summary>False: some found no place, or it took more work than is left.</summary>
    public bool TryPack(IEnumerable<Parcel> parcels, long most)
    {
        foreach (var parcel in parcels.OrderByDescending(p => p.Memory).ThenByDescending(p => p.Cpu).ThenBy(p => p.Vms[0]))
            if (Work > most || !TryPlace(parcel)) return false;
        return true;
    }

    /// <summary>Where each parcel went.</summary>
    public IEnumerable<(Parcel Parcel, int Host)> Places => _on.SelectMany((parcels, host) => parcels.Select(p => (p, host)));

    private bool TryPlace(Parcel parcel)
    {
        var host = Fullest(parcel, except: -1);
        if (host < 0) return TrySendOn(parcel);
        Take(host, parcel);
        return true;
    }

    /// <summary>Of the hosts that have room, the one with least memory left; of those, the one with most CPU left.</summary>
    private int Fullest(Parcel parcel, int except)
    {
        var best = -1;
        for (var h = 0; h < _memory.Length; h++)
        {
            if (_memory[h] < parcel.Memory || _cpu[h] < parcel.Cpu || h == except) continue;
            if (best >= 0 && (_memory[h] > _memory[best] || (_memory[h] == _memory[best] && _cpu[h] <= _cpu[best]))) continue;
            if (_mayGo(parcel, h)) best = h;
        }

        Work += _memory.Length;
        return best;
    }

    /// <summary>Gives it the place of another that finds one elsewhere: the smallest whose leaving is enough.</summary>
    private bool TrySendOn(Parcel parcel)
    {
        for (var h = 0; h < _memory.Length; h++)
        {
            Work += 1 + _on[h].Count;
            if (_on[h].Count == 0 || !_mayGo(parcel, h)) continue;
            var sent = _on[h].Where(p => _memory[h] + p.Memory >= parcel.Memory && _cpu[h] + p.Cpu >= parcel.Cpu)
                .OrderBy(p => p.Memory).ThenBy(p => p.Cpu).ThenBy(p => p.Vms[0]).FirstOrDefault();
            if (sent is null) continue;
            _on[h].Remove(sent);
            _memory[h] += sent.Memory;
            _cpu[h] += sent.Cpu;
            Take(h, parcel);
            var host = Fullest(sent, except: h);
            if (host >= 0)
            {
                Take(host, sent);
                return true;
            }

            _on[h].Remove(parcel);
            _memory[h] += parcel.Memory;
            _cpu[h] += parcel.Cpu;
            Take(h, sent);
        }

        return false;
    }

    private void Take(int host, Parcel parcel)
    {
        _on[host].Add(parcel);
        _memory[host] -= parcel.Memory;
        _cpu[host] -= parcel.Cpu;
    }
}
