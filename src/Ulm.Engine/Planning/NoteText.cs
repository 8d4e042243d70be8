using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>Fills in the text of a notification with what the rule fired for; of a VM its host and cluster can be told too. What is not known is told as unknown.</summary>
internal static class NoteText
{
    public static string Fill(string text, Decision decision, SiteFacts facts) => NotifyText.Fill(text, wanted =>
    {
        if (Subject(wanted.Subject, decision, facts.Site) is not { } subject) return null;
        if (wanted.Attribute is not { } attribute) return subject.Name;
        var reading = facts.Read(subject, attribute);
        return reading.IsKnown ? Show.Value(reading.Value, attribute.Unit) : null;
    });

    private static SubjectRef? Subject(SubjectKind kind, Decision decision, Site site)
    {
        if (decision.Subject is not { } about) return null;
        if (about.Kind == kind) return about;
        if (decision.HostOf(site) is not { } host || kind == SubjectKind.Vm) return null;
        return kind == SubjectKind.Host ? SubjectRef.Host(host) : site.FindHost(host) is { } found ? SubjectRef.Cluster(found.Cluster) : null;
    }
}
