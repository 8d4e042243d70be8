using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;

namespace Ulm.Server.Testing;

/// <summary>Runs one test: the control loop that runs live, over a simulated site in virtual time.</summary>
internal sealed class TestRun
{
    private static readonly TimeSpan LookBeyond = TimeSpan.FromMinutes(15);

    private readonly TestScript _script;
    private readonly Simulator _simulator;
    private readonly SortedDictionary<int, TestMinute> _minutes = [];
    private readonly Dictionary<TestExpectation, WhatRulesSaid> _said = [];
    private readonly List<TestFailure> _neverAndSeen = [];

    private TestRun(TestScript script)
    {
        _script = script;
        _simulator = script.ToSimulator();
        _simulator.Loop.Looked += OnLooked;
        _simulator.Loop.Journal.Written += OnWritten;
    }

    public static TestOutcome Of(TestScript script, CancellationToken ct)
    {
        var outcome = Once(script, ct);
        // The same again and a while longer: what comes shortly after the end explains what did not come before it.
        return outcome.Failures.IsEmpty ? outcome : outcome with { Failures = Once(script with { Beyond = LookBeyond }, ct).Failures };
    }

    private static TestOutcome Once(TestScript script, CancellationToken ct)
    {
        var run = new TestRun(script);
        var result = run._simulator.Run(ct);
        ct.ThrowIfCancellationRequested();
        var stopped = script.Test.Events.Where(e => e.Event is SubjectEvent.VmStops).Select(e => $"vm {e.Subject} is lost").ToList();
        return new TestOutcome(
            script.Test,
            [.. run._neverAndSeen.Concat(script.Test.Expectations.Where(e => e.At is not null).Select(run.Judge).OfType<TestFailure>()).OrderBy(f => f.Expectation.Location.Line)],
            [.. result.Violations.Where(v => !stopped.Any(v.EndsWith))],
            [.. run._minutes.Values.SelectMany(m => m.Decisions.Select(d => d.Rule.Name).Concat(m.Outvoted.Select(o => o.Rule.Name)))]);
    }

    private int Minutes => (int)(_script.Length / TestScript.Step);

    private TestMinute At(int minute)
    {
        if (!_minutes.TryGetValue(minute, out var seen)) _minutes.Add(minute, seen = new TestMinute(minute));
        return seen;
    }

    /// <summary>What the rules have to say for themselves is asked at once: at the next look they stand elsewhere.</summary>
    private void OnLooked(SiteFacts facts, LookResult look)
    {
        var minute = At(_script.MinuteOf(facts.At));
        minute.Add(look);
        foreach (var expectation in _script.Test.Expectations)
        {
            if (expectation.At is { } at && at == TestScript.Step * minute.Number) _said[expectation] = WhatRulesSaid.Of(expectation.What, facts, _simulator.Loop);
            else if (expectation.At is null) JudgeNever(expectation, facts, minute);
        }
    }

    private void OnWritten(JournalEntry entry)
    {
        // What the planner refused is known from the look itself; this is what the executor did.
        if (entry is { Kind: JournalKind.Refusal, Step: not null, Rule: { } rule }) At(_script.MinuteOf(entry.At)).Add(new TestRefusal(rule, entry.Outcome, entry.Text));
    }

    private void JudgeNever(TestExpectation expectation, SiteFacts facts, TestMinute minute)
    {
        if (minute.Number > Minutes || _neverAndSeen.Any(f => f.Expectation == expectation)) return;
        var said = expectation.What is Expected.Pending ? WhatRulesSaid.Of(expectation.What, facts, _simulator.Loop) : null;
        if (said is null ? !ExpectationMatch.IsSeen(expectation.What, minute) : !said.IsPending) return;
        _neverAndSeen.Add(Failure(expectation, minute.Number, said?.Lines ?? [], []));
    }

    private TestFailure? Judge(TestExpectation expectation)
    {
        var number = (int)(expectation.At!.Value / TestScript.Step);
        var minute = At(number);
        var said = _said.GetValueOrDefault(expectation);
        if (expectation.What is Expected.Pending ? said?.IsPending == true : ExpectationMatch.IsSeen(expectation.What, minute)) return null;
        return Failure(expectation, number, said?.Lines ?? [], Elsewhere(expectation.What));
    }

    private TestFailure Failure(TestExpectation expectation, int minute, ImmutableArray<string> why, IEnumerable<string> elsewhere)
    {
        var series = ReadBy(expectation.What) is { } reads ? _script.Test.Series.Where(s => reads.Contains(s.Attribute)).ToList() : [.. _script.Test.Series];
        return new TestFailure(
            expectation, minute, At(minute).InWords(), [.. elsewhere, .. why],
            [.. (series.Count > 0 ? series : [.. _script.Test.Series]).Select(s => SeriesChart.Of(s, minute, Minutes))]);
    }

    /// <summary>The minutes at which what was expected is seen, near which it was looked for in vain.</summary>
    private IEnumerable<string> Elsewhere(Expected expected)
    {
        if (expected is Expected.Nothing or Expected.Pending) yield break;
        var seen = _minutes.Values.Where(m => ExpectationMatch.IsSeen(expected, m)).Select(m => SeriesChart.Minutes(m.Number)).ToList();
        if (seen.Count > 0) yield return $"it is to be seen at {string.Join(", ", seen.Take(5))}{(seen.Count > 5 ? $" and {seen.Count - 5} more" : "")}";
    }

    /// <summary>Null: no one rule is spoken of.</summary>
    private HashSet<PolicyAttribute>? ReadBy(Expected expected) =>
        WhatRulesSaid.RuleOf(expected) is { } name && _script.Policies.Rules.FirstOrDefault(r => r.Name == name)?.Trigger is Trigger.When when
            ? [.. Engine.Rules.PolicyReads.Of(when.Condition)]
            : null;
}
