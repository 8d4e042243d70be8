using System.Security.Cryptography;
using System.Text;

namespace Ulm.Bench.Clusters;

/// <summary>
/// CPython's <c>random.Random</c> (3.11), as far as <see cref="GeneratedCluster"/> needs it: the same seed gives the same draws, so that figures
/// compare with those of tools written in Python. MT19937 after Matsumoto and Nishimura (1998).
/// </summary>
internal sealed class MersenneTwister
{
    private const int Length = 624;
    private const int Middle = 397;

    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    public MersenneTwister(string seed)
    {
        var text = Encoding.UTF8.GetBytes(seed);
        // Python reads the text and its SHA-512 as one big-endian number, then takes that number's 32-bit words, lowest first.
        var number = text.Concat(SHA512.HashData(text)).Reverse().ToArray();
        var key = Enumerable.Range(0, (number.Length + 3) / 4)
            .Select(i => (uint)Enumerable.Range(0, 4).Where(b => 4 * i + b < number.Length).Sum(b => (long)number[4 * i + b] << (8 * b))).ToArray();
        Seed(19650218);
        var (place, word) = (1, 0);
        for (var k = Math.Max(Length, key.Length); k > 0; k--)
        {
            _state[place] = (_state[place] ^ (Before(place) * 1664525)) + key[word] + (uint)word;
            Advance();
            word = (word + 1) % key.Length;
        }

        for (var k = Length - 1; k > 0; k--)
        {
            _state[place] = (_state[place] ^ (Before(place) * 1566083941)) - (uint)place;
            Advance();
        }

        _state[0] = 0x80000000;

        uint Before(int i) => _state[i - 1] ^ (_state[i - 1] >> 30);

        void Advance()
        {
            if (++place < Length) return;
            _state[0] = _state[Length - 1];
            place = 1;
        }
    }

    /// <summary>0 or more, below 1.</summary>
    public double Next() => ((Word() >> 5) * 67108864.0 + (Word() >> 6)) / 9007199254740992.0;

    public double Uniform(double from, double to) => from + (to - from) * Next();

    public T Choice<T>(IReadOnlyList<T> items)
    {
        var bits = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)items.Count);
        while (true)
        {
            var drawn = (int)(Word() >> (32 - bits));
            if (drawn < items.Count) return items[drawn];
        }
    }

    /// <summary>A number below the length of <paramref name="weights"/>, each as likely as its weight says.</summary>
    public int Weighted(IReadOnlyList<double> weights)
    {
        var sums = new double[weights.Count];
        for (var i = 0; i < sums.Length; i++) sums[i] = weights[i] + (i > 0 ? sums[i - 1] : 0);
        var drawn = Next() * sums[^1];
        var found = Array.FindIndex(sums, s => s > drawn);
        return found < 0 ? sums.Length - 1 : found;
    }

    public double LogNormal(double sigma)
    {
        var magic = 4 * Math.Exp(-0.5) / Math.Sqrt(2.0);
        while (true)
        {
            var first = Next();
            var second = 1 - Next();
            var z = magic * (first - 0.5) / second;
            if (z * z / 4 <= -Math.Log(second)) return Math.Exp(z * sigma);
        }
    }

    public double Exponential(double mean) => -Math.Log(1 - Next()) / (1 / mean);

    public double Beta(double alpha, double beta)
    {
        var y = Gamma(alpha);
        return y == 0 ? 0 : y / (y + Gamma(beta));
    }

    /// <summary>Cheng (1977) above 1, Ahrens and Dieter (1974) below.</summary>
    private double Gamma(double alpha)
    {
        if (alpha == 1) return -Math.Log(1 - Next());
        return alpha > 1 ? GammaAboveOne(alpha) : GammaBelowOne(alpha);
    }

    private double GammaAboveOne(double alpha)
    {
        var root = Math.Sqrt(2 * alpha - 1);
        while (true)
        {
            var first = Next();
            if (first is <= 1e-7 or >= 0.9999999) continue;
            var second = 1 - Next();
            var v = Math.Log(first / (1 - first)) / root;
            var x = alpha * Math.Exp(v);
            var z = first * first * second;
            var r = alpha - Math.Log(4) + (alpha + root) * v - x;
            if (r + (1 + Math.Log(4.5)) - 4.5 * z >= 0 || r >= Math.Log(z)) return x;
        }
    }

    private double GammaBelowOne(double alpha)
    {
        while (true)
        {
            var b = (Math.E + alpha) / Math.E;
            var p = b * Next();
            var x = p <= 1 ? Math.Pow(p, 1 / alpha) : -Math.Log((b - p) / alpha);
            var second = Next();
            if (p > 1 ? second <= Math.Pow(x, alpha - 1) : second <= Math.Exp(-x)) return x;
        }
    }

    private void Seed(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Length; i++) _state[i] = 1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30)) + (uint)i;
    }

    private uint Word()
    {
        if (_next == Length)
        {
            for (var i = 0; i < Length; i++)
            {
                var y = (_state[i] & 0x80000000) | (_state[(i + 1) % Length] & 0x7fffffff);
                _state[i] = _state[(i + Middle) % Length] ^ (y >> 1) ^ ((y & 1) * 0x9908b0df);
            }

            _next = 0;
        }

        var word = _state[_next++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c5680;
        word ^= (word << 15) & 0xefc60000;
        return word ^ (word >> 18);
    }
}
