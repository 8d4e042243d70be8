using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;
using Ulm.Engine.Rules;

namespace Ulm.Server.Testing;

/// <summary>Whether what is expected is to be seen.</summary>
internal static class ExpectationMatch
{
    /// <summary>In what was decided at one minute. What has to be asked of the rules at that very minute is never seen here.</summary>
    public static bool IsSeen(Expected expected, TestMinute minute) => expected switch
    {
        Expected.Nothing => minute.Decisions.Count == 0 && minute.Steps.Count == 0,
        Expected.Step step => IsPlanned(step, minute),
        Expected.Fires fires => minute.Decisions.Any(d => d.Rule.Name == fires.Rule && (fires.Subject is null || d.Subject?.Name == fires.Subject)),
        Expected.Refused refused => minute.Refusals.Any(r => (refused.Rule is null || r.Rule == refused.Rule) && (refused.Code is null || r.Code == refused.Code)),
        Expected.Pending => false,
        _ => throw new InvalidOperationException($"expectation {expected.GetType().Name} has no meaning in a test"),
    };

    /// <param name="at">When it was explained.</param>
    public static bool IsPending(Expected.Pending pending, RuleExplanation? explanation, DateTimeOffset at) =>
        explanation is { State: HoldState.Pending } found && (pending.For is not { } least || at - found.Since >= least);

    private static bool IsPlanned(Expected.Step step, TestMinute minute) => minute.Steps.Any(s => Fits(s.Action, step) && (step.By is null || s.Rule == step.By));

    private static bool Fits(PlannedAction action, Expected.Step step) => (action, step.Kind) switch
    {
        (PlannedAction.Migrate move, ExpectedStep.Migrate) => (step.Vm is null || move.Vm == step.Vm) && (step.Host is null || move.To == step.Host),
        (PlannedAction.PowerOff off, ExpectedStep.PowerOff) => step.Host is null || off.Host == step.Host,
        (PlannedAction.PowerOn on, ExpectedStep.PowerOn) => step.Host is null || on.Host == step.Host,
        (PlannedAction.Suspend suspend, ExpectedStep.Suspend) => step.Host is null || suspend.Host == step.Host,
        // Maintenance and an ordered shutdown begin with a drain.
        (PlannedAction.Order { Given: { Kind: not HostOrderKind.Suspended } given }, ExpectedStep.Drain) => step.Host is null || given.Host == step.Host,
        (PlannedAction.Notify, ExpectedStep.Notify) or (PlannedAction.RunHook, ExpectedStep.RunHook) => true,
        _ => false,
    };
}
