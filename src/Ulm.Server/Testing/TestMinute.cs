using System.Collections.Immutable;
using Ulm.Engine.Decisions;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;

namespace Ulm.Server.Testing;

/// <summary>What a run came to at one minute: all looks that belong to it together.</summary>
internal sealed class TestMinute(int number)
{
    private readonly List<Decision> _decisions = [];
    private readonly List<Outvoted> _outvoted = [];
    private readonly List<PlanStep> _steps = [];
    private readonly List<TestRefusal> _refusals = [];
    private readonly List<string> _withheld = [];

    /// <summary>From the start of the test.</summary>
    public int Number => number;

    public IReadOnlyList<Decision> Decisions => _decisions;

    public IReadOnlyList<Outvoted> Outvoted => _outvoted;

    /// <summary>Those that somebody would have to approve first included.</summary>
    public IReadOnlyList<PlanStep> Steps => _steps;

    public IReadOnlyList<TestRefusal> Refusals => _refusals;

    public void Add(LookResult look)
    {
        _decisions.AddRange(look.Decisions);
        _outvoted.AddRange(look.Outvoted);
        _steps.AddRange(look.Plan.Steps);
        _steps.AddRange(look.Recommended.Steps);
        _withheld.AddRange(look.Withheld.Select(w => $"{w.Rule.Name} came due and did not fire: {w.Because}"));
        _refusals.AddRange(look.Plan.Refused.Concat(look.Recommended.Refused).Select(r => new TestRefusal(r.Rule, r.CodeText, $"{r.Rule} on {r.Subject} is refused ({r.CodeText}): {string.Join("; ", r.Why)}")));
    }

    public void Add(TestRefusal refusal) => _refusals.Add(refusal);

    /// <summary>What was decided, in words; one line each.</summary>
    public ImmutableArray<string> InWords() =>
    [
        .. _decisions.Select(d => $"{d.Rule.Name} fires{(d.Subject is { } s ? $" on {s}" : "")}: {d.Reason}"),
        .. _outvoted.Select(o => $"{o.Rule.Name} is outvoted on {o.Subject}: {o.Because}"),
        .. _withheld,
        .. _steps.Select(s => $"{s.Action} by {s.Rule}"),
        .. _refusals.Select(r => r.Text),
    ];
}

/// <summary>Something that a rule wanted and did not get.</summary>
internal sealed record TestRefusal(string Rule, string? Code, string Text);
