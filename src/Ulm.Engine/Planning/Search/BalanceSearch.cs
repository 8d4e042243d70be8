using System.Runtime.Intrinsics;

namespace Ulm.Engine.Planning.Search;

/// <summary>What a balance is after.</summary>
/// <param name="Lane">Of <see cref="Spread"/>: the one that the band is about.</param>
/// <param name="Middle">Of the band that hosts shall be in, as a share above or below <see cref="Spread.Aim"/>.</param>
/// <param name="HalfWidth">Of the band.</param>
/// <param name="EvensAll">True: the spread of all lanes counts too. False: hosts within the band are as good as any.</param>
/// <param name="FirstPrice">What the first moves must bring for each host's worth of memory they copy; then less and less.</param>
/// <param name="LastPrice">Where that ends: a move that brings less is not worth its copying.</param>
internal sealed record BalanceGoal(int Lane, double Middle, double HalfWidth, bool EvensAll, double FirstPrice, double LastPrice);

/// <summary>
/// Local search by moves and exchanges of VMs between two hosts, in the end of two at a time. A state's cost is what lies outside the band, the spread, and a price for
/// each byte that has to be copied; a VM that goes back home is refunded. The price is high at first and falls, so that the moves which
/// bring most for their bytes are made first and those that they make needless are not made, or are taken back.
/// </summary>
internal sealed class BalanceSearch
{
    private const double PriceFactor = 0.6;

    private const int Repairs = 4;

    /// <summary>How many hosts are tried for changes with one: those with which most can be gained.</summary>
    private const int MostPartners = 32;

    /// <summary>The same where VMs go by twos: what one more of them brings is little then, and takes long.</summary>
    private const int MostPartnersByTwos = 24;

    /// <summary>What a share outside the band counts, once all that pays has been done.</summary>
    private const double InAtAnyPrice = 1000;

    /// <summary>Counted in pairs of what may leave and what may come: some five seconds of CPU. What was found by then is the answer, so that it is the same on any machine.</summary>
    private const long MostWork = 1_000_000_000;

    /// <summary>What is left of it for bringing in what is still outside the band.</summary>
    private const long ForRepairs = MostWork / 5;

    /// <summary>Looking at what a host could gain with another takes as long as so many pairs (measured).</summary>
    private const int WorkOfPartner = 16;

    /// <summary>What a change must bring: beneath it are rounding errors.</summary>
    private const double Epsilon = 1e-7;

    private readonly Draft _draft;
    private readonly Spread _spread;
    private readonly BalanceGoal _goal;
    private readonly double _hostMemory;
    private readonly HashSet<(int, Exchange)> _refused = [];
    private readonly double[] _refund;
    private readonly double[] _promise;
    private readonly int[] _partner;
    /// <summary>No host is brought beyond where the fullest and the emptiest were: the gap between them never widens.</summary>
    private readonly double _highest;
    private readonly double _lowest;
    private readonly Bundles _here;
    private readonly Bundles _there;
    private Vector512<double> _slope;
    private bool _byTwos;
    private double _price;
    private double _bandWeight = 1;
    private int _partners = MostPartners;
    private long _work;
    private long _mostWork;

    public BalanceSearch(Draft draft, BalanceGoal goal)
    {
        (_draft, _spread, _goal) = (draft, new Spread(draft), goal);
        (_refund, _promise, _partner) = (new double[draft.On.Length], new double[draft.On.Length], new int[draft.On.Length]);
        (_here, _there) = (new Bundles(draft, _spread), new Bundles(draft, _spread));
        _highest = Math.Max(goal.Middle + goal.HalfWidth, Enumerable.Range(0, draft.On.Length).Max(h => _spread.Offset(h)[goal.Lane]));
        _lowest = Math.Min(goal.Middle - goal.HalfWidth, Enumerable.Range(0, draft.On.Length).Min(h => _spread.Offset(h)[goal.Lane]));
        _hostMemory = Enumerable.Range(0, draft.On.Length).Average(h => (double)draft.Host(h).MemoryBytes);
    }

    /// <summary>What lies outside the band, all hosts together.</summary>
    public double Outside => Enumerable.Range(0, _draft.On.Length).Sum(h => OutsideBand(_spread.Offset(h)[_goal.Lane]));

    /// <summary>Of what a VM's moving costs: its share of an average host's memory.</summary>
    public double Copied => Enumerable.Range(0, _draft.HostOf.Length).Sum(v => _draft.Away(v, _draft.HostOf[v])) / _hostMemory;

    public void Run()
    {
        _mostWork = MostWork - ForRepairs;
        for (_price = _goal.FirstPrice; ; _price = Math.Max(_goal.LastPrice, _price * PriceFactor))
        {
            Settle(_ => true);
            if (_price <= _goal.LastPrice || (!_goal.EvensAll && Outside == 0)) break;
        }

        // Sizes and loads come in lumps: where no VM and no exchange of two evens anything out, two for one or two for two often do.
        if (_goal.EvensAll)
        {
            (_byTwos, _partners) = (true, MostPartnersByTwos);
            Settle(_ => true);
            _byTwos = false;
        }

        _mostWork = MostWork;
        // What is still outside goes in at any price, with whatever host. Then what that has made uneven is evened out, and stays in.
        _bandWeight = InAtAnyPrice;
        for (var round = 0; round < Repairs && Outside > 0; round++)
        {
            _partners = int.MaxValue;
            Settle(h => OutsideBand(_spread.Offset(h)[_goal.Lane]) > 0);
            _partners = MostPartners;
            Settle(_ => true);
        }
    }

    /// <summary>Makes changes until none at a host that is wanted pays at this price. A host is looked at again whenever it has changed.</summary>
    private void Settle(Func<int, bool> isWanted)
    {
        // What did not pay, or was objected to, may pay and may be allowed by now.
        _refused.Clear();
        var queue = new Queue<int>();
        var queued = new bool[_draft.On.Length];
        foreach (var host in Enumerable.Range(0, _draft.On.Length).OrderByDescending(h => Math.Abs(_spread.Offset(h)[_goal.Lane])).ThenBy(h => h)) Enqueue(host);
        while (_work < _mostWork && queue.TryDequeue(out var host))
        {
            queued[host] = false;
            _slope = _goal.EvensAll ? _spread.Slope : Vector512<double>.Zero;
            var (change, gain) = Best(host);
            if (gain <= Epsilon) continue;
            Enqueue(host);
            if (TryMake(host, change)) Enqueue(change.To);
            else _refused.Add((host, change));
        }

        void Enqueue(int host)
        {
            if (queued[host] || !isWanted(host)) return;
            queue.Enqueue(host);
            queued[host] = true;
        }
    }

    private bool TryMake(int from, Exchange change)
    {
        var load = _spread.Load(change.Leave.A) + _spread.Load(change.Leave.B) - _spread.Load(change.Come.A) - _spread.Load(change.Come.B);
        var before = Cost();
        _spread.Shift(load, from, change.To);
        // The slope is right for small changes only: what it recommends must pay as it is.
        var pays = before - Cost() - _price * Copying(change, from) > Epsilon;
        if (pays && _draft.TryExchange(change, from)) return true;
        _spread.Shift(-load, from, change.To);
        return false;

        double Cost() => (_goal.EvensAll ? _spread.Total : 0)
            + _bandWeight * (OutsideBand(_spread.Offset(from)[_goal.Lane]) + OutsideBand(_spread.Offset(change.To)[_goal.Lane]));
    }

    /// <summary>The change at a host that lowers the cost most, as far as the slope tells, and by how much.</summary>
    private (Exchange Change, double Gain) Best(int host)
    {
        var best = (Change: default(Exchange), Gain: 0.0);
        var found = Promising(host);
        for (var i = 0; i < found && i < _partners && -_promise[i] > best.Gain; i++) Best(PairOf(host, _partner[i]), ref best);
        return best;
    }

    /// <summary>Fills the first entries of <see cref="_partner"/> with hosts by what can at most be gained with them, and tells how many.</summary>
    private int Promising(int host)
    {
        Array.Clear(_refund);
        foreach (var vm in _draft.On[host]) if (_draft.Home[vm] != host) Raise(_draft.Home[vm], vm);
        foreach (var vm in _draft.Absent[host]) Raise(_draft.HostOf[vm], vm);
        var found = 0;
        _work += WorkOfPartner * _refund.Length;
        for (var other = 0; other < _refund.Length; other++)
        {
            if (other == host) continue;
            var pair = PairOf(host, other);
            var most = _bandWeight * MostIntoBand(_spread.Offset(host)[_goal.Lane], _spread.Offset(other)[_goal.Lane]) + _refund[other];
            if (_goal.EvensAll) most += MostEvened(pair);
            if (most <= Epsilon) continue;
            (_promise[found], _partner[found]) = (-most, other);
            found++;
        }

        Array.Sort(_promise, _partner, 0, found);
        return found;

        void Raise(int other, int vm) => _refund[other] += _price * _draft.Size[vm] / _hostMemory;
    }

    /// <summary>
    /// Two hosts and what a shift of load between them does: a shift of x from the other host to this one raises the spread by
    /// x * (square * x + linear), lane by lane.
    /// </summary>
    private readonly record struct Pair(int Host, int Other, Vector512<double> Square, Vector512<double> Linear, double Outside);

    private Pair PairOf(int host, int other)
    {
        var (unit, otherUnit) = (_spread.PerUnit(host), _spread.PerUnit(other));
        return new Pair(
            host, other,
            _slope * (unit * unit + otherUnit * otherUnit),
            2 * _slope * (_spread.Offset(host) * unit - _spread.Offset(other) * otherUnit),
            OutsideBand(_spread.Offset(host)[_goal.Lane]) + OutsideBand(_spread.Offset(other)[_goal.Lane]));
    }

    /// <summary>No shift between the two lowers the spread by more, as far as the slope tells.</summary>
    private static double MostEvened(Pair pair) => Vector512.Sum(Vector512.ConditionalSelect(
        Vector512.GreaterThan(pair.Square, Vector512<double>.Zero), pair.Linear * pair.Linear / (4 * pair.Square), Vector512<double>.Zero));

    private void Best(Pair pair, ref (Exchange Change, double Gain) best)
    {
        _here.Fill(pair.Host, pair.Other, _byTwos);
        _there.Fill(pair.Other, pair.Host, _byTwos);
        _here.Weigh(pair.Square, -pair.Linear, _price / _hostMemory);
        _there.Weigh(pair.Square, pair.Linear, _price / _hostMemory);
        var least = Math.Max(best.Gain, Epsilon);
        for (var i = 0; i < _here.Count; i++)
        {
            var most = _bandWeight * pair.Outside - _here.Alone(i);
            var factors = 2 * pair.Square * _here.Load(i);
            _work += _there.Count;
            for (var j = _there.NextBelow(most - least, factors, 0); j < _there.Count; j = _there.NextBelow(most - least, factors, j + 1))
            {
                var shift = _there.Load(j) - _here.Load(i);
                var gain = most - _there.Alone(j) + Vector512.Sum(factors * _there.Load(j)) - LeftOutside(pair, shift);
                if (gain <= least || !HasRoom(pair, i, j)) continue;
                var change = new Exchange(_here[i], _there[j], pair.Other);
                if (_refused.Contains((pair.Host, change))) continue;
                best = (change, gain);
                least = gain;
            }
        }
    }

    /// <summary>What such a shift leaves outside the band, by its weight; more than anything where it goes farther than any host was.</summary>
    private double LeftOutside(Pair pair, Vector512<double> shift)
    {
        var end = (_spread.Offset(pair.Host) + shift * _spread.PerUnit(pair.Host))[_goal.Lane];
        var otherEnd = (_spread.Offset(pair.Other) - shift * _spread.PerUnit(pair.Other))[_goal.Lane];
        if (Math.Max(end, otherEnd) > _highest || Math.Min(end, otherEnd) < _lowest) return double.PositiveInfinity;
        return _bandWeight * (OutsideBand(end) + OutsideBand(otherEnd));
    }

    private bool HasRoom(Pair pair, int leave, int come)
    {
        var memory = _there.Memory(come) - _here.Memory(leave);
        var cpu = _there.Cpu(come) - _here.Cpu(leave);
        return (leave == 0 || (_draft.Memory[pair.Other] - memory <= _draft.MemoryLimit[pair.Other] && _draft.Cpu[pair.Other] - cpu <= _draft.CpuLimit[pair.Other]))
            && (come == 0 || (_draft.Memory[pair.Host] + memory <= _draft.MemoryLimit[pair.Host] && _draft.Cpu[pair.Host] + cpu <= _draft.CpuLimit[pair.Host]));
    }

    private double Copying(Exchange change, int from)
    {
        return (Going(change.Leave.A, from, change.To) + Going(change.Leave.B, from, change.To) + Going(change.Come.A, change.To, from) + Going(change.Come.B, change.To, from)) / _hostMemory;

        double Going(int vm, int source, int target) => _draft.Away(vm, target) - _draft.Away(vm, source);
    }

    /// <summary>How much of what lies outside the band a shift between two such hosts can bring in; a little more where they are farther apart.</summary>
    private double MostIntoBand(double offset, double other)
    {
        var (low, high) = (_goal.Middle - _goal.HalfWidth, _goal.Middle + _goal.HalfWidth);
        var (upper, lower) = (Math.Max(offset, other), Math.Min(offset, other));
        var into = Math.Min(Math.Max(0, upper - high), Math.Max(0, high - lower)) + Math.Min(Math.Max(0, low - lower), Math.Max(0, upper - low));
        return into == 0 ? 0 : into + (upper - lower) / 1000;
    }

    private double OutsideBand(double offset) => Math.Max(0, Math.Abs(offset - _goal.Middle) - _goal.HalfWidth);
}
