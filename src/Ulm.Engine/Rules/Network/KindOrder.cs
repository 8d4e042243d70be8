using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules.Network;

/// <summary>A VM stands on a host, a host in a cluster.</summary>
internal static class KindOrder
{
    /// <summary>True if each of <paramref name="kind"/> is one, or stands in one, of <paramref name="coarser"/>.</summary>
    public static bool HasKeyOf(this SubjectKind kind, SubjectKind coarser) => Rank(kind) <= Rank(coarser);

    private static int Rank(SubjectKind kind) => kind switch
    {
        SubjectKind.Vm => 0,
        SubjectKind.Host => 1,
        _ => 2,
    };
}
