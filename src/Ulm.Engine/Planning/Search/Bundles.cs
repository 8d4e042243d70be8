using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ulm.Engine.Planning.Search;

/// <summary>
/// What one host could give to another: nobody, each of its VMs, and, where wanted, each two of them. Numbered from 0, which is nobody. Filled anew
/// for each pair of hosts that is looked at.
/// </summary>
internal sealed class Bundles(Draft draft, Spread spread)
{
    /// <summary>So many by twos. Where a host has more VMs, single ones are fine enough.</summary>
    private const int MostByTwos = 160;

    private readonly double[][] _lanes = new double[Spread.Lanes][];
    private Bundle[] _bundle = [];
    private Vector512<double>[] _load = [];
    private double[] _copied = [];
    private double[] _alone = [];

    public int Count { get; private set; }

    public Bundle this[int i] => _bundle[i];

    public Vector512<double> Load(int i) => _load[i];

    /// <summary>Bytes and MIPS.</summary>
    public double Memory(int i) => draft.Size[_bundle[i].A] + draft.Size[_bundle[i].B];

    public double Cpu(int i) => draft.Demand[_bundle[i].A] + draft.Demand[_bundle[i].B];

    public void Fill(int from, int to, bool byTwos)
    {
        var vms = CollectionsMarshal.AsSpan(draft.On[from]);
        Count = 0;
        Add(new Bundle(draft.Nobody, draft.Nobody));
        foreach (var vm in vms) Add(new Bundle(vm, draft.Nobody));
        for (var i = 0; byTwos && i < vms.Length; i++)
            for (var j = i + 1; j < vms.Length && Count < MostByTwos; j++) Add(new Bundle(vms[i], vms[j]));

        void Add(Bundle bundle)
        {
            if (Count + Vector<double>.Count >= _bundle.Length) Grow();
            _bundle[Count] = bundle;
            _load[Count] = spread.Load(bundle.A) + spread.Load(bundle.B);
            _copied[Count] = Copies(bundle.A) + Copies(bundle.B);
            Count++;
        }

        double Copies(int vm) => draft.Away(vm, to) - draft.Away(vm, from);
    }

    /// <summary>
    /// What each costs that goes alone: its copying, and by how much it raises the spread. Two that change places cost what both do alone, less
    /// twice the product of their loads and <paramref name="square"/>, lane by lane.
    /// </summary>
    /// <param name="square">Of the rise of the spread for a shift of load, see <see cref="BalanceSearch"/>.</param>
    /// <param name="linear">The same; for a shift away from the host.</param>
    public void Weigh(Vector512<double> square, Vector512<double> linear, double perByte)
    {
        for (var i = 0; i < Count; i++)
        {
            _alone[i] = perByte * _copied[i] + Vector512.Sum(_load[i] * (square * _load[i] + linear));
            for (var lane = 0; lane < _lanes.Length; lane++) _lanes[lane][i] = _load[i][lane];
        }

        // What is looked at in one step with the last of them, and is none, costs more than anything.
        for (var i = Count; i < Count + Vector<double>.Count; i++) _alone[i] = double.PositiveInfinity;
    }

    public double Alone(int i) => _alone[i];

    /// <summary>The first from <paramref name="start"/> on that costs less than <paramref name="most"/> when it changes places with something.</summary>
    /// <param name="factors">Lane by lane, what a load of it counts against its cost: twice the square times the other's load.</param>
    /// <returns><see cref="Count"/>: none.</returns>
    public int NextBelow(double most, Vector512<double> factors, int start)
    {
        var limit = new Vector<double>(most);
        Span<Vector<double>> factor = stackalloc Vector<double>[Spread.Lanes];
        for (var lane = 0; lane < Spread.Lanes; lane++) factor[lane] = new Vector<double>(factors[lane]);
        for (var i = start; i < Count; i += Vector<double>.Count)
        {
            var cost = new Vector<double>(_alone, i);
            for (var lane = 0; lane < factor.Length; lane++) cost -= factor[lane] * new Vector<double>(_lanes[lane], i);
            if (!Vector.LessThanAny(cost, limit)) continue;
            for (var k = 0; k < Vector<double>.Count; k++) if (cost[k] < most) return i + k;
        }

        return Count;
    }

    private void Grow()
    {
        var size = Math.Max(2 * MostByTwos, 2 * Count);
        Array.Resize(ref _bundle, size);
        Array.Resize(ref _load, size);
        Array.Resize(ref _copied, size);
        Array.Resize(ref _alone, size);
        for (var lane = 0; lane < _lanes.Length; lane++) Array.Resize(ref _lanes[lane], size);
    }
}
