using System.Collections.Immutable;
using System.IO.Enumeration;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using Ulm.Server.Live;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Commands;

/// <summary>
/// Checks the names in policies against a site. One VM, one host or one cluster that is not there is an error: a constraint that was
/// meant to protect protects nothing. A tag or a pattern that fits nothing is a warning: there may be none today.
/// </summary>
public static class SiteNames
{
    private static DiagnosticDescriptor Descriptor(string code, string title, DiagnosticSeverity severity) => new(code, title, DiagnosticCategory.Names, severity, "");

    public static readonly DiagnosticDescriptor UnknownVmCode = Descriptor("ULM1901", "A VM that the site does not have", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnknownClusterCode = Descriptor("ULM1902", "A cluster that the site does not have", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnusedTagCode = Descriptor("ULM1903", "A tag that no VM of the site has", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor UnusedPatternCode = Descriptor("ULM1904", "A pattern that fits no VM of the site", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor TooFewHostsCode = Descriptor("ULM1905", "More hosts to keep on than there are", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor UnknownHostCode = Descriptor("ULM1906", "A host that the site does not have", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor UnusedHostTagCode = Descriptor("ULM1907", "A tag that no host of the site has", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor UnusedHostPatternCode = Descriptor("ULM1908", "A pattern that fits no host of the site", DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor UnknownFieldCode = Descriptor("ULM1909", "A munin field that the site does not have", DiagnosticSeverity.Warning);

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        UnknownVmCode, UnknownClusterCode, UnusedTagCode, UnusedPatternCode, TooFewHostsCode, UnknownHostCode, UnusedHostTagCode, UnusedHostPatternCode, UnknownFieldCode,
    ];

    /// <summary>So many names are told one by one.</summary>
    private const int MostListed = 8;

    public static IEnumerable<Diagnostic> Check(PolicySet policies, Site site, IReadOnlyList<SourceText> sources) => Check(policies, site, sources, _ => true);

    /// <summary>The same, of hosts and clusters alone: of a site whose VMs are not known.</summary>
    public static IEnumerable<Diagnostic> CheckHosts(PolicySet policies, Site site, IReadOnlyList<SourceText> sources) =>
        Check(policies, site, sources, m => m.Kind is MentionKind.Host or MentionKind.HostTag or MentionKind.HostPattern or MentionKind.Cluster);

    private static IEnumerable<Diagnostic> Check(PolicySet policies, Site site, IReadOnlyList<SourceText> sources, Func<SiteMention, bool> isKnown)
    {
        var words = new Lazy<SentenceWords>(() => new SentenceWords(sources));
        // A definition that holds a name is one place, however many sentences use it.
        return SiteMentions.Of(policies).Where(isKnown).Distinct().Select(m => Check(m, site, words)).OfType<Diagnostic>()
            .Concat(TooFewHosts(policies, site, words))
            .DistinctBy(d => (d.Code, d.SourceFile, d.Span));
    }

    /// <summary>The same, and the munin fields that are read where the site tells which it has.</summary>
    public static IEnumerable<Diagnostic> Check(PolicySet policies, SiteSnapshot snapshot, IReadOnlyList<SourceText> sources) =>
        Check(policies, snapshot.Site, sources).Concat(snapshot.MuninFields is { } fields ? CheckFields(policies, fields, snapshot.Site, sources) : []);

    private static IEnumerable<Diagnostic> CheckFields(PolicySet policies, ImmutableHashSet<string> fields, Site site, IReadOnlyList<SourceText> sources)
    {
        var words = new Lazy<SentenceWords>(() => new SentenceWords(sources));
        var ofVms = new Lazy<HashSet<string>>(() => VmMuninFields.Of(fields, site.Vms.Select(v => v.Name)));
        foreach (var rule in policies.Rules)
        {
            foreach (var attribute in PolicyReads.Of(new PolicySet([rule], [], null)).Where(a => a.MuninField is not null).OrderBy(a => a.Name, StringComparer.Ordinal))
            {
                IReadOnlyCollection<string> known = attribute.Subject == SubjectKind.Vm ? ofVms.Value : fields;
                if (known.Contains(attribute.MuninField)) continue;
                var help = NearestWord.Find(attribute.MuninField!, known) is { } nearest ? $"did you mean `{nearest}`?" : null;
                yield return At(UnknownFieldCode, words.Value.Find(rule.Location, attribute.MuninField!, "["),
                    $"no munin-node of the site has `{attribute.MuninField}`{(attribute.Subject == SubjectKind.Vm ? " for any VM" : "")}", "unknown for now", help);
            }
        }
    }

    private static Diagnostic? Check(SiteMention mention, Site site, Lazy<SentenceWords> words)
    {
        var name = mention.Name;
        return mention.Kind switch
        {
            MentionKind.Vm when site.FindVm(name) is null => Unknown(UnknownVmCode, $"the site has no vm `{name}`", site.Vms.Select(v => v.Name)),
            MentionKind.Host when site.FindHost(name) is null => Unknown(UnknownHostCode, $"the site has no host `{name}`", site.Hosts.Select(h => h.Name)),
            MentionKind.Cluster when !site.Hosts.Any(h => h.Cluster == name) => Unknown(UnknownClusterCode, $"the site has no cluster `{name}`", site.Hosts.Select(h => h.Cluster)),
            MentionKind.VmTag when !site.Vms.Any(v => v.Tags.Contains(name)) => Unknown(UnusedTagCode, $"no vm of the site is tagged `{name}`", site.Vms.SelectMany(v => v.Tags)),
            MentionKind.HostTag when !site.Hosts.Any(h => h.Tags.Contains(name)) =>
                Unknown(UnusedHostTagCode, $"no host of the site is tagged `{name}`", site.Hosts.SelectMany(h => h.Tags)),
            MentionKind.VmPattern when !site.Vms.Any(v => Fits(name, v.Name)) => Unknown(UnusedPatternCode, $"no vm of the site is named like `{name}`", site.Vms.Select(v => v.Name)),
            MentionKind.HostPattern when !site.Hosts.Any(h => Fits(name, h.Name)) =>
                Unknown(UnusedHostPatternCode, $"no host of the site is named like `{name}`", site.Hosts.Select(h => h.Name)),
            _ => null,
        };

        Diagnostic Unknown(DiagnosticDescriptor descriptor, string message, IEnumerable<string> known) => SiteNames.Unknown(
            descriptor, words.Value.Find(mention.Sentence, name, mention.Behind), name, message, mention.Otherwise, known, all => $"the site has {all}", null);
    }

    /// <summary>Of a name that is not known: the nearest that is, or all of them where they are few.</summary>
    /// <param name="has">Says which there are.</param>
    /// <param name="help">Where neither helps.</param>
    internal static Diagnostic Unknown(
        DiagnosticDescriptor descriptor, WordPlace place, string name, string message, string label, IEnumerable<string> known, Func<string, string> has, string? help)
    {
        var candidates = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var nearest = NearestWord.Find(name, candidates);
        var offered = nearest is not null ? $"did you mean `{nearest}`?"
            : candidates.Count is > 0 and <= MostListed ? has(string.Join(", ", candidates.Select(c => $"`{c}`"))) : help;
        // As it was written: with its quotes, or bare.
        var replacement = nearest is null ? null : place.Span.Length == name.Length ? nearest : $"\"{nearest}\"";
        return At(descriptor, place, message, label, offered) with { Replacement = replacement };
    }

    private static IEnumerable<Diagnostic> TooFewHosts(PolicySet policies, Site site, Lazy<SentenceWords> words)
    {
        foreach (var constraint in policies.Constraints)
        {
            if (constraint is StandingConstraint.AlwaysKeepHostsOn keep && Smallest(keep.Cluster, keep.Count) is { } small)
                yield return TooFew(constraint.Location, keep.Count, "kept on", small);
            // All of them in reserve would leave none to run VMs on.
            if (constraint is StandingConstraint.ReserveHosts reserve && Smallest(reserve.Cluster, reserve.Count + 1) is { } full)
                yield return TooFew(constraint.Location, reserve.Count, "kept in reserve, and one more to run VMs,", full);
        }

        foreach (var rule in policies.Rules)
        {
            if (rule.Trigger is Trigger.HaveOn have && Smallest(rule.Guards.Cluster, have.Count) is { } small) yield return TooFew(rule.Location, have.Count, "had on", small);
        }

        IGrouping<string, Host>? Smallest(string? cluster, int count) => site.Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal)
            .Where(c => (cluster is null || c.Key == cluster) && c.Count() < count).MinBy(c => c.Count());

        Diagnostic TooFew(SourceLocation at, int count, string what, IGrouping<string, Host> cluster) => At(
            TooFewHostsCode, words.Value.Find(at, ""), $"{Words.Count(count, "host")} can't be {what} in cluster `{cluster.Key}`, which has {cluster.Count()}", "",
            "name a cluster, or a smaller number");
    }

    private static bool Fits(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    private static Diagnostic At(DiagnosticDescriptor descriptor, WordPlace place, string message, string label, string? help) =>
        new(descriptor, descriptor.DefaultSeverity, message, place.SourceFile, place.Span, place.Line, place.Column, label, [], help);
}
