namespace Ulm.Engine.Planning.Constraints;

/// <summary>Whether items find room.</summary>
internal enum Fitting
{
    /// <summary>A place was found for each.</summary>
    Fits,

    /// <summary>It is proven that there is none.</summary>
    Never,

    /// <summary>Neither, with the effort that was allowed.</summary>
    NotDecided,
}

/// <summary>Decides whether items, each as a whole, fit into bins by memory and CPU: by what is plain from sums and counts, then by trying all ways, as far as allowed.</summary>
/// <param name="memory">Of the items, bytes; those first that are hardest to place.</param>
/// <param name="cpu">Of the items, MIPS.</param>
/// <param name="memoryRoom">Of the bins; what has none may be there, with 0 or less.</param>
/// <param name="mayGo">Which item may go into which bin; null: each into any.</param>
internal sealed class WholeItems(long[] memory, double[] cpu, long[] memoryRoom, double[] cpuRoom, Func<int, int, bool>? mayGo)
{
    private readonly long[] _memoryLeft = [.. memoryRoom];
    private readonly double[] _cpuLeft = [.. cpuRoom];
    private long _looks;
    private long _most;

    /// <param name="most">Bins that may be looked at for an item, all tries together; what was used is taken off.</param>
    public Fitting Decide(ref long most)
    {
        if (IsPlainlyTooMuch()) return Fitting.Never;
        (_looks, _most) = (0, most);
        var found = Place(0, memory.Sum(), cpu.Sum());
        most = Math.Max(0, most - _looks);
        return found ? Fitting.Fits : _looks > _most ? Fitting.NotDecided : Fitting.Never;
    }

    private bool IsPlainlyTooMuch()
    {
        for (var i = 0; i < memory.Length; i++) if (!Enumerable.Range(0, memoryRoom.Length).Any(b => Takes(b, i))) return true;
        return TooMany(memory, memoryRoom) || TooMany([.. cpu], [.. cpuRoom]);
    }

    /// <summary>True: there are more items of some size or above than bins have room for, counted bin by bin.</summary>
    private static bool TooMany(long[] sizes, long[] rooms) => sizes.Where(s => s > 0).Distinct()
        .Any(size => rooms.Sum(r => Math.Max(0, r) / size) < sizes.Count(s => s >= size));

    private static bool TooMany(double[] sizes, double[] rooms) => sizes.Where(s => s > 0).Distinct()
        .Any(size => rooms.Sum(r => Math.Floor(Math.Max(0, r) / size * (1 + 1e-12))) < sizes.Count(s => s >= size));

    private bool Takes(int bin, int item) => _memoryLeft[bin] >= memory[item] && _cpuLeft[bin] >= cpu[item] && (mayGo is null || mayGo(item, bin));

    /// <summary>False also where it gave up, which the looks tell.</summary>
    private bool Place(int item, long memoryToCome, double cpuToCome)
    {
        if (item == memory.Length) return true;
        if (!HasRoomInSum(memoryToCome, cpuToCome)) return false;
        for (var bin = 0; bin < _memoryLeft.Length; bin++)
        {
            if (_looks++ > _most) return false;
            if (!Takes(bin, item) || IsLikeOneBefore(bin)) continue;
            var (memoryBefore, cpuBefore) = (_memoryLeft[bin], _cpuLeft[bin]);
            _memoryLeft[bin] -= memory[item];
            _cpuLeft[bin] -= cpu[item];
            if (Place(item + 1, memoryToCome - memory[item], cpuToCome - cpu[item])) return true;
            (_memoryLeft[bin], _cpuLeft[bin]) = (memoryBefore, cpuBefore);
        }

        return false;
    }

    private bool HasRoomInSum(long memoryToCome, double cpuToCome)
    {
        var (memorySum, cpuSum) = (0.0, 0.0);
        for (var b = 0; b < _memoryLeft.Length; b++)
        {
            if (_memoryLeft[b] < 0 || _cpuLeft[b] < 0) continue;
            memorySum += _memoryLeft[b];
            cpuSum += _cpuLeft[b];
        }

        _looks += _memoryLeft.Length;
        return memorySum >= memoryToCome && cpuSum * (1 + 1e-12) >= cpuToCome;
    }

    /// <summary>What failed in a bin fails in its like.</summary>
    private bool IsLikeOneBefore(int bin)
    {
        if (mayGo is not null) return false;
        for (var b = 0; b < bin; b++) if (_memoryLeft[b] == _memoryLeft[bin] && _cpuLeft[b].Equals(_cpuLeft[bin])) return true;
        return false;
    }
}
