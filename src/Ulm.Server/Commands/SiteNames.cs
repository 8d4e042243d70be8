using System.Collections.Immutable;
using System.IO.Enumeration;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Commands;

/// <summary>
/// Checks the names in policies against a site. One VM or one cluster that is not there is an error: a constraint that was meant to
/// protect protects nothing. A tag or a pattern that fits no VM is a warning: there may be none today.
/// </summary>
public static class SiteNames
{
    private static DiagnosticDescriptor Descriptor(string code, string title, DiagnosticSeverity severity) => new(code, title, DiagnosticCategory.Names, severity, "");

    public static readonly DiagnosticDescriptor UnknownVmCode = Descriptor("ULM1901", "A VM that the site does not have", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnknownClusterCode = Descriptor("ULM1902", "A cluster that the site does not have", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnusedTagCode = Descriptor("ULM1903", "A tag that no VM of the site has", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor UnusedPatternCode = Descriptor("ULM1904", "A pattern that fits no VM of the site", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor TooFewHostsCode = Descriptor("ULM1905", "More hosts to keep on than there are", DiagnosticSeverity.Warning);

    public static readonly ImmutableArray<DiagnosticDescriptor> All = [UnknownVmCode, UnknownClusterCode, UnusedTagCode, UnusedPatternCode, TooFewHostsCode];

    public static IEnumerable<Diagnostic> Check(PolicySet policies, Site site, IReadOnlyList<SourceText> sources)
    {
        var texts = sources.ToDictionary(s => s.Name, s => s.Text);
        return policies.Constraints.Select(c => Check(c, site, texts[c.Location.File])).OfType<Diagnostic>();
    }

    private static Diagnostic? Check(StandingConstraint constraint, Site site, string text) => constraint switch
    {
        StandingConstraint.NeverMigrate { Vms: Selector.Exactly { Names: [var name] } } when site.FindVm(name) is null =>
            Unknown(UnknownVmCode, constraint, text, name, $"the site has no vm `{name}`", "this sentence protects nothing", site.Vms.Select(v => v.Name)),
        StandingConstraint.NeverMigrate { Vms: Selector.Tagged(var tag) } when !site.Vms.Any(v => v.Tags.Contains(tag)) =>
            Unknown(UnusedTagCode, constraint, text, tag, $"no vm of the site is tagged `{tag}`", "protects nothing for now", site.Vms.SelectMany(v => v.Tags)),
        StandingConstraint.NeverMigrate { Vms: Selector.Named(var pattern) } when !site.Vms.Any(v => FileSystemName.MatchesSimpleExpression(pattern, v.Name, false)) =>
            Unknown(UnusedPatternCode, constraint, text, pattern, $"no vm of the site is named like `{pattern}`", "protects nothing for now", site.Vms.Select(v => v.Name)),
        StandingConstraint.AlwaysKeepHostsOn keep => Check(keep, site, text),
        _ => null,
    };

    private static Diagnostic? Check(StandingConstraint.AlwaysKeepHostsOn keep, Site site, string text)
    {
        var clusters = site.Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal).Where(c => keep.Cluster is null || c.Key == keep.Cluster).ToList();
        if (keep.Cluster is { } name && clusters.Count == 0)
            return Unknown(UnknownClusterCode, keep, text, name, $"the site has no cluster `{name}`", "this sentence keeps nothing on", site.Hosts.Select(h => h.Cluster));
        return clusters.Where(c => c.Count() < keep.Count).MinBy(c => c.Count()) is { } small
            ? At(TooFewHostsCode, keep, text, null, $"{Words.Count(keep.Count, "host")} can't be kept on in cluster `{small.Key}`, which has {small.Count()}", "", "name a cluster, or a smaller number")
            : null;
    }

    private static Diagnostic Unknown(
        DiagnosticDescriptor descriptor, StandingConstraint constraint, string text, string name, string message, string label, IEnumerable<string> known)
    {
        var candidates = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var help = NearestWord.Find(name, candidates) is { } nearest ? $"did you mean `{nearest}`?"
            : candidates.Count is > 0 and <= 8 ? $"the site has {string.Join(", ", candidates.Select(c => $"`{c}`"))}" : null;
        return At(descriptor, constraint, text, name, message, label, help);
    }

    private static Diagnostic At(DiagnosticDescriptor descriptor, StandingConstraint constraint, string text, string? name, string message, string label, string? help)
    {
        var (span, line, column) = SentencePlace.Of(constraint, text, name);
        return new Diagnostic(descriptor, descriptor.DefaultSeverity, message, constraint.Location.File, span, line, column, label, [], help);
    }
}
