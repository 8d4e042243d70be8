using System.Text.RegularExpressions;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>
/// Fills in <c>{host.name}</c>, <c>{vm.cpu}</c>, <c>{rule}</c> and their like in the text of a notification, with what the rule fired for; of a
/// VM its host and cluster can be told too. What is not known is told as unknown; what has no meaning stays as written.
/// </summary>
internal static partial class NoteText
{
    public static string Fill(string text, Decision decision, SiteFacts facts) => Place().Replace(text, m => Value(m.Groups[1].Value, decision, facts) ?? m.Value);

    private static string? Value(string name, Decision decision, SiteFacts facts)
    {
        if (name == "rule") return decision.Rule.Name;
        if (name == "reason") return decision.Reason;
        if (name == "because") return decision.Rule.Because ?? "";
        var kind = name.Split('.')[0] switch { "host" => SubjectKind.Host, "vm" => SubjectKind.Vm, "cluster" => SubjectKind.Cluster, _ => (SubjectKind?)null };
        if (kind is null || Subject(kind.Value, decision, facts.Site) is not { } subject) return null;
        if (name == $"{name.Split('.')[0]}.name") return subject.Name;
        var attribute = PolicyAttribute.All.FirstOrDefault(a => a.Name == name)
            ?? (Munin().Match(name) is { Success: true } munin ? PolicyAttribute.Munin(kind.Value, munin.Groups[1].Value) : null);
        if (attribute is null) return null;
        var reading = facts.Read(subject, attribute);
        return reading.IsKnown ? Show.Value(reading.Value, attribute.Unit) : "unknown";
    }

    private static SubjectRef? Subject(SubjectKind kind, Decision decision, Site site)
    {
        if (decision.Subject is not { } about) return null;
        if (about.Kind == kind) return about;
        if (decision.HostOf(site) is not { } host || kind == SubjectKind.Vm) return null;
        return kind == SubjectKind.Host ? SubjectRef.Host(host) : site.FindHost(host) is { } found ? SubjectRef.Cluster(found.Cluster) : null;
    }

    [GeneratedRegex("""\{([a-z][a-z. ]*(?:\["[^"]*"\])?)\}""")]
    private static partial Regex Place();

    [GeneratedRegex("""^(?:host|vm)\.munin\["([^"]+)"\]$""")]
    private static partial Regex Munin();
}
