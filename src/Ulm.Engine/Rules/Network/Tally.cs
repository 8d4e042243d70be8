using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules.Network;

/// <summary>Of the members of a cluster: for how many a condition is true, for how many unknown, and how many there are.</summary>
internal readonly record struct Tally(int True, int Unknown, int Total)
{
    public Tally Plus(Truth verdict, int sign = 1) => new(
        True + (verdict == Truth.True ? sign : 0), Unknown + (verdict == Truth.Unknown ? sign : 0), Total + sign);

    public Truth Of(Quantifier quantifier)
    {
        if (quantifier == Quantifier.Any) return True > 0 ? Truth.True : Unknown > 0 ? Truth.Unknown : Truth.False;
        return True + Unknown < Total ? Truth.False : Unknown > 0 ? Truth.Unknown : Truth.True;
    }

    /// <summary>True if one that counts can tell the two apart.</summary>
    public bool CountsAs(Tally other) => True == other.True && Unknown == other.Unknown;
}
