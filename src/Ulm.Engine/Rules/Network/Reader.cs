using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules.Network;

/// <summary>Something that is judged for each subject of one kind, and anew where what it reads has changed.</summary>
internal abstract class Reader(SubjectKind kind)
{
    public SubjectKind Kind => kind;

    /// <summary>The rows for which something changed since they were last judged.</summary>
    public RowSet Marked { get; } = new();

    /// <summary>The subject of this row is no longer there, or no longer where it was.</summary>
    public abstract void Forget(int row);
}
