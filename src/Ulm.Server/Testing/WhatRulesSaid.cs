using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;

namespace Ulm.Server.Testing;

/// <summary>How the rule that an expectation speaks of stood at its minute.</summary>
/// <param name="IsPending">Of <c>pending</c>: it is.</param>
/// <param name="Lines">For each subject in question, one line.</param>
internal sealed record WhatRulesSaid(bool IsPending, ImmutableArray<string> Lines)
{
    /// <summary>Subjects shown where the expectation names none.</summary>
    private const int MostShown = 4;

    public static WhatRulesSaid Of(Expected expected, SiteFacts facts, ControlLoop loop)
    {
        if (RuleOf(expected) is not { } name || loop.Look.Policies.Rules.FirstOrDefault(r => r.Name == name) is not { } rule) return new WhatRulesSaid(false, []);
        if (rule.Trigger is not Trigger.When when) return new WhatRulesSaid(false, [Scheduled(rule, facts.At, loop.Zone)]);
        var wanted = SubjectOf(expected, when.Subject);
        var subjects = wanted is { } one ? [one] : SubjectsOf(when.Subject, facts.Site).ToList();
        var explained = subjects.Select(s => (Subject: s, Explanation: loop.Look.Rules.Explain(name, s))).ToList();
        var pending = expected is Expected.Pending p && explained.Any(e => ExpectationMatch.IsPending(p, e.Explanation, facts.At));
        var shown = explained.OrderBy(e => e.Explanation?.Verdict == Truth.False).Take(MostShown).Select(e => Line(rule, e.Subject, e.Explanation, facts.At));
        return new WhatRulesSaid(pending, [.. shown, .. explained.Count > MostShown ? [$"... and {explained.Count - MostShown} more"] : Array.Empty<string>()]);
    }

    /// <summary>The one rule that an expectation is about; null: none is named.</summary>
    public static string? RuleOf(Expected expected) => expected switch
    {
        Expected.Step step => step.By,
        Expected.Pending pending => pending.Rule,
        Expected.Fires fires => fires.Rule,
        Expected.Refused refused => refused.Rule,
        _ => null,
    };

    private static SubjectRef? SubjectOf(Expected expected, SubjectKind kind) => expected switch
    {
        Expected.Pending pending => new SubjectRef(kind, pending.Subject),
        Expected.Fires { Subject: { } subject } => new SubjectRef(kind, subject),
        _ => null,
    };

    private static IEnumerable<SubjectRef> SubjectsOf(SubjectKind kind, Site site) => kind switch
    {
        SubjectKind.Host => site.Hosts.Select(h => h.Ref),
        SubjectKind.Vm => site.Vms.Select(v => v.Ref),
        _ => site.Hosts.Select(h => h.Cluster).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(c => new SubjectRef(SubjectKind.Cluster, c)),
    };

    private static string Line(Rule rule, SubjectRef subject, RuleExplanation? explanation, DateTimeOffset at)
    {
        if (explanation is null) return $"{rule.Name} is not about {subject}";
        var held = explanation.State is not HoldState.Inactive && at - explanation.Since is { } lasted ? $" for {Show.Duration(lasted)}" : "";
        var guard = explanation.HeldBackBy is { } closed ? $"; held back: {closed}" : "";
        var needs = explanation.State is HoldState.Pending && rule.Trigger is Trigger.When { For: var time } && time > TimeSpan.Zero ? $" of {Show.Duration(time)}" : "";
        return $"{rule.Name} is {explanation.State.ToString().ToLowerInvariant()} on {subject}{held}{needs}: {string.Join(", ", explanation.Clauses)}{guard}";
    }

    private static string Scheduled(Rule rule, DateTimeOffset at, TimeZoneInfo zone) => ScheduleCalculator.Next(rule.Trigger, at, zone) is { } next
        ? $"{rule.Name} is due next at {TimeZoneInfo.ConvertTime(next, zone):yyyy-MM-dd HH:mm}, {Show.Duration(next - at)} later"
        : $"{rule.Name} waits for an event, not for a time";
}
