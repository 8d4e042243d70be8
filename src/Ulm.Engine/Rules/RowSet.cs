using System.Numerics;

namespace Ulm.Engine.Rules;

/// <summary>A set of row numbers that is filled and emptied each cycle: a bit a row, so that marking costs next to nothing.</summary>
internal sealed class RowSet
{
    private const int Bits = 64;

    private ulong[] _words = [];

    public void Add(int row)
    {
        var word = row / Bits;
        if (word >= _words.Length) Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 2));
        _words[word] |= 1UL << (row % Bits);
    }

    public void Remove(int row)
    {
        if (row / Bits < _words.Length) _words[row / Bits] &= ~(1UL << (row % Bits));
    }

    /// <summary>Moves all rows, in ascending order, to the end of a list.</summary>
    public void DrainTo(List<int> rows)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            for (var bits = _words[word]; bits != 0; bits &= bits - 1) rows.Add(word * Bits + BitOperations.TrailingZeroCount(bits));
            _words[word] = 0;
        }
    }
}
