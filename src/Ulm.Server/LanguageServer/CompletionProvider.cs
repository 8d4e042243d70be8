using Ulm.Dsl.Editing;
using Ulm.Dsl.Policies;

namespace Ulm.Server.LanguageServer;

/// <summary>What can be typed at a place: what the grammar expects there, and the names that fit.</summary>
internal static class CompletionProvider
{
    public static CompletionItem[] At(PolicyWorkspace workspace, SiteKnowledge site, string uri, Position position)
    {
        if (workspace.TextOf(uri) is not { } text) return [];
        var place = CompletionPlace.At(new(PolicyWorkspace.NameOf(uri), text.Text), text.Offset(position));
        var range = text.At(place.Replaces);
        var outline = workspace.Outline(uri);
        var proposals = Words(place).Concat(place.TakesOperand ? Operands(outline) : []);
        if (place.Name is { } kind) proposals = proposals.Concat(Names(kind, outline, site));
        return [.. proposals.DistinctBy(p => p.Text, StringComparer.Ordinal)
            .Select(p => new CompletionItem(p.Text, p.Kind, $"{p.Order}{p.Text}", new TextEdit(range, p.Text), p.Detail, p.Help is null ? null : new MarkupContent(p.Help)))];
    }

    /// <param name="Order">Lower comes first: names of the author's own before attributes, these before keywords.</param>
    private sealed record Proposal(string Text, CompletionItemKind Kind, int Order, string? Detail = null, string? Help = null);

    // A sign alone is quicker typed than chosen.
    private static IEnumerable<Proposal> Words(CompletionPlace place) =>
        place.Words.Where(w => char.IsLetter(w[0])).Select(w => new Proposal(w, CompletionItemKind.Keyword, 3));

    private static IEnumerable<Proposal> Operands(PolicyOutline outline) => PolicyAttribute.All
        .Select(a => new Proposal(a.Name, CompletionItemKind.Property, 2, UnitWords.Of(a.Unit), AttributeHelp.Of(a)))
        .Concat(Things(outline, NamedKind.Condition, NamedKind.HostGroup));

    private static IEnumerable<Proposal> Names(NameKind kind, PolicyOutline outline, SiteKnowledge site) => kind switch
    {
        NameKind.Calendar => Things(outline, NamedKind.Calendar),
        NameKind.Rule => Things(outline, NamedKind.Rule),
        NameKind.Host => OfSite(site.Site?.Site.Hosts.Select(h => h.Name)).Concat(Things(outline, NamedKind.HostGroup)),
        NameKind.Vm => OfSite(site.Site?.Site.Vms.Select(v => v.Name)),
        NameKind.Cluster => OfSite(site.Site?.Site.Hosts.Select(h => h.Cluster)),
        NameKind.Tag => OfSite(site.Site?.Site.Hosts.SelectMany(h => h.Tags).Concat(site.Site.Site.Vms.SelectMany(v => v.Tags)), quoted: true),
        NameKind.HostGroup => Things(outline, NamedKind.HostGroup),
        NameKind.Window => Things(outline, NamedKind.Condition),
        NameKind.MuninField => OfSite(site.Site?.MuninFields, quoted: true),
        NameKind.TimeZone => TimeZoneInfo.GetSystemTimeZones().Select(z => new Proposal($"\"{z.Id}\"", CompletionItemKind.Value, 1)),
        NameKind.SeriesOfHost => Series(SubjectKind.Host),
        NameKind.SeriesOfVm => Series(SubjectKind.Vm),
        _ => [],
    };

    private static IEnumerable<Proposal> Series(SubjectKind of) => PolicyAttribute.All.Where(a => a.Subject == of && !a.Name.Contains(' '))
        .Select(a => new Proposal(a.Name[(a.Name.IndexOf('.') + 1)..], CompletionItemKind.Property, 2, UnitWords.Of(a.Unit), AttributeHelp.Of(a)));

    private static IEnumerable<Proposal> Things(PolicyOutline outline, params NamedKind[] kinds) => outline.Things
        .Where(t => t.IsNamed && kinds.Contains(t.Kind)).Select(t => new Proposal(t.Name, CompletionItemKind.Constant, 1, NameProvider.Detail(t.Kind)));

    private static IEnumerable<Proposal> OfSite(IEnumerable<string>? names, bool quoted = false) => (names ?? []).Distinct(StringComparer.Ordinal)
        .Select(n => new Proposal(quoted || !IsWord(n) ? $"\"{n}\"" : n, CompletionItemKind.Value, 1, "of the site"));

    private static bool IsWord(string name) => NewName.IsUsable(name);
}
