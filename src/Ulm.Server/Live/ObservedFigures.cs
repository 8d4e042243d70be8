using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;

namespace Ulm.Server.Live;

/// <summary>Gathers what one poll measured, and why it did not measure the rest.</summary>
internal sealed class ObservedFigures
{
    private readonly ImmutableArray<Measurement>.Builder _measured = ImmutableArray.CreateBuilder<Measurement>();
    private readonly ImmutableArray<Unmeasured>.Builder _unmeasured = ImmutableArray.CreateBuilder<Unmeasured>();

    public ImmutableArray<Measurement> Measured => _measured.ToImmutable();

    public ImmutableArray<Unmeasured> Unmeasured => _unmeasured.ToImmutable();

    public void Note(SubjectRef subject, PolicyAttribute attribute, Figure figure)
    {
        if (figure.IsKnown) _measured.Add(new Measurement(subject, attribute, figure.At, figure.Value));
        else _unmeasured.Add(new Unmeasured(subject, attribute, figure.UnknownBecause!));
    }
}
