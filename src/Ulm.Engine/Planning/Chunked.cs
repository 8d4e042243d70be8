namespace Ulm.Engine.Planning;

/// <summary>
/// A list of fixed length of which a changed copy costs the square root of its length: the copy shares all chunks but the changed one.
/// A plan for a large site is thousands of placements, each different from the last in two hosts.
/// </summary>
internal readonly struct Chunked<T>
{
    private const int Shift = 6;
    private const int Mask = (1 << Shift) - 1;

    private readonly T[][] _chunks;

    public Chunked(ReadOnlySpan<T> items)
    {
        Length = items.Length;
        _chunks = new T[(items.Length + Mask) >> Shift][];
        for (var c = 0; c < _chunks.Length; c++)
            _chunks[c] = items.Slice(c << Shift, Math.Min(1 << Shift, items.Length - (c << Shift))).ToArray();
    }

    private Chunked(T[][] chunks, int length) => (_chunks, Length) = (chunks, length);

    public int Length { get; }

    public T this[int index] => _chunks[index >> Shift][index & Mask];

    public Chunked<T> With(int index, T value)
    {
        var chunks = (T[][])_chunks.Clone();
        var chunk = (T[])chunks[index >> Shift].Clone();
        chunk[index & Mask] = value;
        chunks[index >> Shift] = chunk;
        return new Chunked<T>(chunks, Length);
    }
}
