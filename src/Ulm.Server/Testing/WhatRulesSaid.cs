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
        if (rule.Trigger.About is not { } kind) return new WhatRulesSaid(false, [Scheduled(rule, loop.Look.Rules.Explain(name, null), facts.At, loop.Zone)]);
        var wanted = SubjectOf(expected, kind);
        var subjects = wanted is { } one ? [one] : facts.Site.Subjects(kind).ToList();
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

    private static string Line(Rule rule, SubjectRef subject, RuleExplanation? explanation, DateTimeOffset at)
    {
        if (explanation is null) return $"{rule.Name} is not about {subject}";
        var held = explanation is { State: not HoldState.Inactive, Since: { } since } ? $" for {Show.Duration(at - since)}" : "";
        var needs = explanation.State is HoldState.Pending && rule.Trigger is Trigger.When { For: var time } && time > TimeSpan.Zero ? $" of {Show.Duration(time)}" : "";
        var clauses = explanation.Clauses.IsEmpty ? "" : $": {string.Join(", ", explanation.Clauses)}";
        return $"{rule.Name} is {explanation.State.ToString().ToLowerInvariant()} on {subject}{held}{needs}{clauses}{HeldBack(explanation)}";
    }

    private static string Scheduled(Rule rule, RuleExplanation? explanation, DateTimeOffset at, TimeZoneInfo zone) => ScheduleCalculator.Next(rule.Trigger, at, zone) is { } next
        ? $"{rule.Name} {(rule.Trigger is Trigger.HaveOn ? "wants its hosts on" : "is due next")} at {TimeZoneInfo.ConvertTime(next, zone):yyyy-MM-dd HH:mm}, {Show.Duration(next - at)} later{HeldBack(explanation)}"
        : $"{rule.Name} never comes due again{HeldBack(explanation)}";

    /// <summary>What is being done to a subject that has just fired holds nobody back from having fired.</summary>
    private static string HeldBack(RuleExplanation? explanation) =>
        explanation is { State: not HoldState.Firing, HeldBackBy: { } guard } ? $"; held back: {guard}" : "";
}
