namespace Ulm.Engine.Planning.Search;

/// <summary>VM <paramref name="A"/> goes from its host to <paramref name="To"/>, and <paramref name="B"/> the other way; either may be <see cref="Draft.Nobody"/>.</summary>
internal readonly record struct Exchange(int A, int B, int To)
{
    public bool Apply(Draft draft, int from)
    {
        if (B == draft.Nobody) return draft.TryMove(A, To);
        return A == draft.Nobody ? draft.TryMove(B, from) : draft.TryExchange(A, B);
    }
}
