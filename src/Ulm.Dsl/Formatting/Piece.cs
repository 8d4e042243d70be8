using System.Collections.Immutable;

namespace Ulm.Dsl.Formatting;

/// <summary>A run of tokens that stands on one line if it can; if it can't, each of its parts begins a line.</summary>
/// <param name="First">Index of the first token.</param>
/// <param name="End">Index behind the last one.</param>
/// <param name="Parts">Empty, or pieces that together are the whole run.</param>
internal sealed record Piece(int First, int End, ImmutableArray<Piece> Parts)
{
    public static Piece Of(int first, int end) => new(first, end, []);

    /// <summary>The same with further tokens at its beginning, which go to its first part.</summary>
    public Piece From(int first) => this with { First = first, Parts = Parts.IsEmpty ? [] : Parts.SetItem(0, Parts[0].From(first)) };

    /// <summary>The same with further tokens at its end, which go to its last part.</summary>
    public Piece To(int end) => this with { End = end, Parts = Parts.IsEmpty ? [] : Parts.SetItem(Parts.Length - 1, Parts[^1].To(end)) };
}
