using Ulm.Dsl.Policies;

namespace Ulm.Engine.Facts;

/// <summary>One thing that can be known of a host, VM or cluster. Equal by what it means, so that all who ask the same share one answer.</summary>
/// <param name="Kind">The kind of subject that has it.</param>
public abstract record Fact(SubjectKind Kind)
{
    /// <summary>A value at this instant.</summary>
    public sealed record Attribute(PolicyAttribute Read) : Fact(Read.Subject);

    /// <summary>What a function makes of the samples of a window.</summary>
    public sealed record OverTime(TimeFunction Function, PolicyAttribute Read, TimeSpan Window) : Fact(Read.Subject)
    {
        public static OverTime Of(Quantity.OverTime quantity) => new(quantity.Function, quantity.Attribute, quantity.Window);
    }

    /// <summary>Yes (1) or no (0).</summary>
    public sealed record Answer(SubjectKind Kind, SubjectTest Test) : Fact(Kind);
}
