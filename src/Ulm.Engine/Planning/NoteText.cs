using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>
/// Fills in <c>{host.name}</c>, <c>{vm.cpu}</c>, <c>{rule}</c> and their like in the text of a notification, with what the rule fired for; of a
/// VM its host and cluster can be told too. What is not known is told as unknown.
/// </summary>
internal static class NoteText
{
    public static string Fill(string text, Decision decision, SiteFacts facts) => NotifyText.Fill(text, wanted => wanted switch
    {
        NotifyValue.Rule => decision.Rule.Name,
        NotifyValue.Reason => decision.Reason,
        NotifyValue.Because => decision.Rule.Because ?? "",
        NotifyValue.OfSubject of => Subject(of.Subject, decision, facts.Site) is { } subject ? Value(subject, of.Attribute, facts) : null,
        _ => throw new InvalidOperationException($"no words for {wanted.GetType().Name}"),
    });

    private static string? Value(SubjectRef subject, PolicyAttribute? attribute, SiteFacts facts)
    {
        if (attribute is null) return subject.Name;
        var reading = facts.Read(subject, attribute);
        return reading.IsKnown ? Show.Value(reading.Value, attribute.Unit) : null;
    }

    private static SubjectRef? Subject(SubjectKind kind, Decision decision, Site site)
    {
        if (decision.Subject is not { } about) return null;
        if (about.Kind == kind) return about;
        if (decision.HostOf(site) is not { } host || kind == SubjectKind.Vm) return null;
        return kind == SubjectKind.Host ? SubjectRef.Host(host) : site.FindHost(host) is { } found ? SubjectRef.Cluster(found.Cluster) : null;
    }
}
