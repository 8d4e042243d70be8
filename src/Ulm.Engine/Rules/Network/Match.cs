using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules.Network;

/// <summary>The rows a condition is judged over: a subject and what it stands in; -1 where there is none of that kind.</summary>
/// <param name="IgnoreBefore">UTC ticks; readings that rest on anything captured earlier count as unknown.</param>
internal readonly record struct Match(int Vm, int Host, int Cluster, long IgnoreBefore)
{
    public int RowOf(SubjectKind kind) => kind switch
    {
        SubjectKind.Host => Host,
        SubjectKind.Vm => Vm,
        _ => Cluster,
    };
}
