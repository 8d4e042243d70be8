using System.Numerics;

namespace Ulm.Engine.Rules.Network;

/// <summary>A set of row numbers that is filled and emptied each cycle: a bit a row, so that marking costs next to nothing.</summary>
internal sealed class RowSet
{
    private const int Bits = 64;

    private ulong[] _words = [];

    /// <summary>False: certainly nothing in it.</summary>
    private bool _any;

    public void Add(int row)
    {
        Cover(row / Bits);
        _words[row / Bits] |= 1UL << (row % Bits);
        _any = true;
    }

    public void Add(RowSet other)
    {
        if (!other._any) return;
        if (other._words.Length > 0) Cover(other._words.Length - 1);
        for (var word = 0; word < other._words.Length; word++) _words[word] |= other._words[word];
        _any = true;
    }

    public void Remove(int row)
    {
        if (row / Bits < _words.Length) _words[row / Bits] &= ~(1UL << (row % Bits));
    }

    public void Clear()
    {
        if (_any) Array.Clear(_words);
        _any = false;
    }

    /// <summary>Moves all rows, in ascending order, to the end of a list.</summary>
    public void DrainTo(List<int> rows)
    {
        if (!_any) return;
        for (var word = 0; word < _words.Length; word++)
        {
            for (var bits = _words[word]; bits != 0; bits &= bits - 1) rows.Add(word * Bits + BitOperations.TrailingZeroCount(bits));
            _words[word] = 0;
        }

        _any = false;
    }

    private void Cover(int word)
    {
        if (word >= _words.Length) Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 2));
    }
}
