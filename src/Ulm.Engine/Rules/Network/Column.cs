using Ulm.Engine.Facts;

namespace Ulm.Engine.Rules.Network;

/// <summary>One fact of all subjects of a kind, and who reads it.</summary>
internal sealed class Column(Fact fact)
{
    private readonly List<double> _cuts = [];
    private readonly List<Reader> _readers = [];
    private readonly List<Reader> _readersOfEveryValue = [];

    public Fact Fact => fact;

    public List<Reading> Values { get; } = [];

    /// <summary>Someone compares the fact with a constant: new values count for him where they lie on another side of it.</summary>
    public void AddReader(Reader reader, double cut)
    {
        AddTo(_readers, reader);
        var at = _cuts.BinarySearch(cut);
        if (at < 0) _cuts.Insert(~at, cut);
    }

    /// <summary>Someone for whom every new value counts.</summary>
    public void AddReader(Reader reader)
    {
        AddTo(_readers, reader);
        AddTo(_readersOfEveryValue, reader);
    }

    /// <summary>Takes a new value and says whom it concerns.</summary>
    public List<Reader> Put(int row, in Reading reading)
    {
        var before = Values[row];
        Values[row] = reading;
        if (before.IsKnown != reading.IsKnown) return _readers;
        if (before.Value.Equals(reading.Value)) return NoReader;
        return SameSide(before.Value, reading.Value) ? _readersOfEveryValue : _readers;
    }

    private static readonly List<Reader> NoReader = [];

    /// <summary>True if no comparison with a constant comes out differently for the two: nothing lies between them, and neither is a cut.</summary>
    private bool SameSide(double a, double b)
    {
        var side = _cuts.BinarySearch(a);
        return side < 0 && side == _cuts.BinarySearch(b);
    }

    /// <summary>Readers are added one after another: whoever is there already is the last.</summary>
    private static void AddTo(List<Reader> readers, Reader reader)
    {
        if (readers.Count == 0 || !ReferenceEquals(readers[^1], reader)) readers.Add(reader);
    }
}
