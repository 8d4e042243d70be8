using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Api;

/// <summary>What one attribute reads now, of every subject that has it.</summary>
public sealed record ValuesDocument(string Schema, string Attribute, DateTimeOffset At, ImmutableArray<SubjectValue> Values)
{
    public const string SchemaName = "ulm.values/1";

    public static ValuesDocument Of(PolicyAttribute attribute, SiteFacts facts) =>
        new(SchemaName, attribute.Name, facts.At, [.. facts.Site.Subjects(attribute.Subject).Select(s => SubjectValue.Of(s, facts.Read(s, attribute), attribute.Unit))]);
}

/// <param name="Value">In the attribute's own unit; null: unknown.</param>
/// <param name="Text">The value with its unit, for people; or why it is not known.</param>
public sealed record SubjectValue(string Subject, double? Value, string Text)
{
    public static SubjectValue Of(SubjectRef subject, Reading reading, Unit unit) => reading.UnknownBecause is { } cause
        ? new SubjectValue(subject.ToString(), null, cause)
        : new SubjectValue(subject.ToString(), reading.Value, Show.Value(reading.Value, unit));
}
