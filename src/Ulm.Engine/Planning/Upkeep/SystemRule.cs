using System.Globalization;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Upkeep;

/// <summary>What the server decides by itself, to keep what policies demand: it goes through planning and the journal like any rule, under a name that says what for.</summary>
internal static class SystemRule
{
    private static readonly SourceLocation Nowhere = new("", 0, 0);

    /// <summary><c>constraint: keep apart vms tagged "db"</c></summary>
    public static Rule For(StandingConstraint constraint) => Named($"constraint: {constraint.Text}") with { Location = constraint.Location };

    public static Rule Named(string name) => new(name, name, Nowhere, new Trigger.Every(TimeSpan.MaxValue), [], null, null);

    /// <summary>A decision that goes on: the rule's own, under a name of this look.</summary>
    public static Decision Again(Decision decision, DateTimeOffset at, int decidedAlready) =>
        decision with { Id = $"{decision.Id}+{at.UtcDateTime.ToString("HHmmss.f", CultureInfo.InvariantCulture)}{Number(decidedAlready)}", At = at, Reason = $"goes on since {decision.At:HH:mm:ss}: {decision.Reason}" };

    /// <summary>Named by instant and subject, and apart from what an earlier look at this instant decided of it.</summary>
    public static Decision Decide(Rule rule, SubjectRef subject, DateTimeOffset at, string reason, int decidedAlready, Urgency urgency = Urgency.Repair) =>
        new($"u{at.UtcDateTime.ToString("yyyyMMdd-HHmmss.f", CultureInfo.InvariantCulture)}{Number(decidedAlready)}-{subject}", rule, subject, at, reason) { Upkeep = urgency };

    private static string Number(int decidedAlready) => decidedAlready == 0 ? "" : $".{decidedAlready}";
}
