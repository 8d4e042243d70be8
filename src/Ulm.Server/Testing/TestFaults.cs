using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Server.Commands;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Testing;

/// <summary>What is wrong with a test once its site is at hand: what the compiler, which reads no other files, can't see.</summary>
public static class TestFaults
{
    private static DiagnosticDescriptor Descriptor(string code, string title) => new(code, title, DiagnosticCategory.Names, DiagnosticSeverity.Error, "");

    public static readonly DiagnosticDescriptor UnusableSiteCode = Descriptor("ULM1950", "A test whose site can't be read");
    public static readonly DiagnosticDescriptor UnknownSubjectCode = Descriptor("ULM1951", "A test that speaks of what its site does not have");
    public static readonly DiagnosticDescriptor ImpossibleEventCode = Descriptor("ULM1952", "An event that can't happen");

    public static readonly ImmutableArray<DiagnosticDescriptor> All = [UnusableSiteCode, UnknownSubjectCode, ImpossibleEventCode];

    /// <param name="text">Of the file that holds the test.</param>
    internal static Diagnostic UnusableSite(PolicyTest test, string text, FileFaults faults)
    {
        var first = faults.Found[0];
        var more = faults.Count > 1 ? $", and {Words.Count(faults.Count - 1, "other fault")}" : "";
        return At(UnusableSiteCode, test.Location, text, test.Site, $"the site of this test, {first.Where}: {first.Message}{more}",
            first.Help ?? (faults.Count > 1 ? "`ulm-server plan --site FILE` shows all of them" : "the path counts from the folder of the policy file"));
    }

    internal static IEnumerable<Diagnostic> Check(TestScript script, string text)
    {
        var (test, site) = (script.Test, script.Snapshot.Site);
        foreach (var series in test.Series)
            if (Unknown(series.Attribute.Subject, series.Subject, series.Location) is { } fault) yield return fault;
        foreach (var e in test.Events)
            if (Unknown(KindOf(e), e.Subject, e.Location) is { } fault) yield return fault;
        foreach (var expectation in test.Expectations)
            foreach (var (kind, name) in NamedIn(expectation.What, script.Policies))
                if (Unknown(kind, name, expectation.Location) is { } fault) yield return fault;
        foreach (var fault in Impossible(test, text)) yield return fault;

        Diagnostic? Unknown(SubjectKind kind, string name, SourceLocation location)
        {
            string[] known = kind switch
            {
                SubjectKind.Vm => [.. site.Vms.Select(v => v.Name)],
                SubjectKind.Host => [.. site.Hosts.Select(h => h.Name)],
                _ => [.. site.Hosts.Select(h => h.Cluster).Distinct(StringComparer.Ordinal)],
            };
            if (known.Contains(name)) return null;
            var word = kind.ToString().ToLowerInvariant();
            var help = NearestWord.Find(name, known) is { } nearest ? $"did you mean `{nearest}`?"
                : known.Length is > 0 and <= 8 ? $"it has {string.Join(", ", known.Select(k => $"`{k}`"))}" : null;
            return At(UnknownSubjectCode, location, text, name, $"the site of this test, {test.Site}, has no {word} `{name}`", help);
        }
    }

    private static SubjectKind KindOf(TestEvent e) => e.Event is SubjectEvent.VmStarts or SubjectEvent.VmStops ? SubjectKind.Vm : SubjectKind.Host;

    private static IEnumerable<(SubjectKind Kind, string Name)> NamedIn(Expected expected, PolicySet policies)
    {
        switch (expected)
        {
            case Expected.Step step:
                if (step.Vm is { } vm) yield return (SubjectKind.Vm, vm);
                if (step.Host is { } host) yield return (SubjectKind.Host, host);
                break;
            case Expected.Pending pending when SubjectOf(pending.Rule, policies) is { } kind:
                yield return (kind, pending.Subject);
                break;
            case Expected.Fires { Subject: { } subject } fires when SubjectOf(fires.Rule, policies) is { } kind:
                yield return (kind, subject);
                break;
        }
    }

    /// <summary>Null: the rule is about no one subject, or there is no such rule.</summary>
    private static SubjectKind? SubjectOf(string rule, PolicySet policies) => policies.Rules.FirstOrDefault(r => r.Name == rule)?.Trigger switch
    {
        Trigger.When watch => watch.Subject,
        Trigger.On happening => happening.Subject,
        _ => null,
    };

    /// <summary>Of one host or VM, events take turns: what has failed returns, what has stopped starts.</summary>
    private static IEnumerable<Diagnostic> Impossible(PolicyTest test, string text)
    {
        foreach (var ofOne in test.Events.GroupBy(e => (KindOf(e), e.Subject)))
        {
            var inOrder = ofOne.OrderBy(e => e.At).ToList();
            foreach (var (before, e) in inOrder.Zip(inOrder.Skip(1)))
            {
                if (before.Event == e.Event)
                    yield return At(ImpossibleEventCode, e.Location, text, e.Subject, $"`{e.Text}` can't happen: `{before.Text}` came before it", "let the opposite happen in between");
            }
        }
    }

    /// <summary>At the first word from the location on that is equal to the name, bare or quoted; at the line where there is none.</summary>
    private static Diagnostic At(DiagnosticDescriptor descriptor, SourceLocation location, string text, string? name, string message, string? help)
    {
        var start = OffsetOf(text, location);
        var lineEnd = text.IndexOf('\n', start);
        var span = TextSpan.FromBounds(start, lineEnd < 0 ? text.Length : lineEnd);
        if (name is not null && Regex.Match(text[start..], $@"(?<![\w.-]){Regex.Escape(name)}(?![\w.-])") is { Success: true } word) span = new TextSpan(start + word.Index, name.Length);
        var lineStart = text.LastIndexOf('\n', Math.Max(0, span.Start - 1)) + 1;
        return new Diagnostic(descriptor, descriptor.DefaultSeverity, message, location.File, span, text.AsSpan(0, span.Start).Count('\n') + 1, span.Start - lineStart + 1, "", [], help);
    }

    private static int OffsetOf(string text, SourceLocation location)
    {
        var start = 0;
        for (var line = 1; line < location.Line; line++)
        {
            var next = text.IndexOf('\n', start);
            if (next < 0) break;
            start = next + 1;
        }

        return Math.Min(text.Length, start + location.Column - 1);
    }
}
