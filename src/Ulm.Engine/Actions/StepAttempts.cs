using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Actions;

/// <summary>What came of carrying out a step on one host.</summary>
/// <param name="End">As it was recorded.</param>
/// <param name="Result">What came of it; null: it was not begun, or the server stops.</param>
/// <param name="Elsewhere">The host to try next.</param>
internal sealed record StepAttempt(ActionEvent End, StepEnd? Result, string? Elsewhere);

/// <summary>Carries out a step once: waits for the steps it names, has it begun, done and verified by whom its action needs, and records how it ended.</summary>
internal sealed class StepAttempts(
    StepJournal journal, MigrationRunner migrations, MigrationDoubts doubts, PowerRunner power, OutsideRunner outside, HostOrders orders, ActiveSteps active, ActionHistory history,
    TimeProvider time, Func<SiteFacts> current)
{
    /// <summary>Those that hold now, also for steps that wait.</summary>
    public ConstraintSet Constraints { get; set; } = ConstraintSet.None;

    public async Task<StepAttempt> RunAsync(PlanStep step, OtherTargets? others, long place, ImmutableArray<(int Id, Task<bool> End)> after, CancellationToken ct)
    {
        try
        {
            // Every step yields first: all steps of a plan are known before the first begins.
            await Task.Yield();
            var result = await TryAsync(step, place, after, ct);
            string? elsewhere = null;
            if (result.OfTarget && others is not null && !ct.IsCancellationRequested)
            {
                (elsewhere, var why) = others.Find((PlannedAction.Migrate)step.Action, current(), Constraints);
                result = result with { Text = $"{result.Text}; {(elsewhere is null ? $"not tried elsewhere: {why}" : $"tried next on {elsewhere}")}" };
            }

            return new StepAttempt(await doubts.RecordEndAsync(step, result, ct), result, elsewhere);
        }
        catch (OperationCanceledException)
        {
            return new StepAttempt(journal.Event(step, new StepEnd(ActionPhase.Failed, "stopped: the server is shutting down", null)), null, null);
        }
        catch (RecorderUnavailableException e)
        {
            journal.Halt(e.Message);
            return new StepAttempt(journal.Halted(step, e.Message), null, null);
        }
        catch (HaltedException e)
        {
            return new StepAttempt(journal.Halted(step, e.Message), null, null);
        }
    }

    private async Task<StepEnd> TryAsync(PlanStep step, long place, ImmutableArray<(int Id, Task<bool> End)> after, CancellationToken ct)
    {
        foreach (var (id, end) in after)
        {
            if (!await end) return new StepEnd(ActionPhase.Refused, $"step {id}, which it waits for, did not succeed", RefusalCode.FactsMoved);
        }

        journal.StopIfHalted();
        return step.Action switch
        {
            PlannedAction.Migrate move => await migrations.RunAsync(step, move, place, () => Constraints, BeginAsAsync, ct),
            PlannedAction.PowerOff off => await power.OffAsync(step, off.Host, () => Constraints, BeginAsync, ct),
            PlannedAction.Suspend suspend => await power.SuspendAsync(step, suspend.Host, () => Constraints, BeginAsync, ct),
            PlannedAction.Order order => await KeepAsync(() => SetAsync(order.Given)),
            PlannedAction.Release release => await KeepAsync(() => ReleaseAsync(release)),
            PlannedAction.Notify or PlannedAction.RunHook => await outside.RunAsync(step, BeginAsync, ct),
            PlannedAction.PowerOn on => await power.OnAsync(step, on.Host, BeginAsync, ct),
            _ => throw new InvalidOperationException($"action {step.Action.GetType().Name} can't be carried out"),
        };

        async Task<StepEnd> KeepAsync(Func<Task<string>> keep)
        {
            await BeginAsync();
            return new StepEnd(ActionPhase.Succeeded, $"{step.Action}: {await keep()}", null);
        }

        async Task<string> SetAsync(HostOrder order)
        {
            await orders.SetAsync(order, ct);
            return "done";
        }

        async Task<string> ReleaseAsync(PlannedAction.Release release)
        {
            var (by, why) = release.By is { } person ? ($" by {person}", "") : ("", $" ({step.Reason})");
            await orders.EndAsync(release.Host, $"{release.Host} was released{by} at {Show.Time(time.GetUtcNow())}{why}", ct);
            migrations.Withdraw(release.Host);
            var now = current();
            return now.MayGoOff.TryGetValue(release.Host, out var told) ? $"done; it {told}"
                : now.Site.FindHost(release.Host) is { State: HostState.PoweringOff } ? "done; it is being powered off, and is off then until it is powered on" : "done";
        }

        Task BeginAsync() => BeginAsAsync(step.Action.ToString()!);

        async Task BeginAsAsync(string text)
        {
            // Before: it may have waited long for its turn. After: another step's record may have failed while this one was written.
            journal.StopIfHalted();
            active.Begin(step);
            Remember(step);
            await journal.RecordBegunAsync(step, text, ct);
            journal.StopIfHalted();
        }
    }

    /// <summary>Counted before it is recorded: what is not known to be durable may be, and no budget is spent twice.</summary>
    private void Remember(PlanStep step)
    {
        var at = time.GetUtcNow();
        if (step.Action.Begins(step.Rule, at) is { } begun) history.Add(begun);
    }
}
