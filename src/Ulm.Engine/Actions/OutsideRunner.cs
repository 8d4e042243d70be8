using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

/// <summary>Tells people and runs hooks. Nothing of the site depends on how it ends.</summary>
internal sealed class OutsideRunner(INotifier notifier, IHookRunner hooks, TimeProvider time)
{
    public async Task<StepEnd> RunAsync(PlanStep step, Func<Task> beginAsync, CancellationToken ct)
    {
        await beginAsync();
        try
        {
            if (step.Action is PlannedAction.Notify notify) await notifier.NotifyAsync(notify.Text, notify.Via, Note(step), ct);
            else if (step.Action is PlannedAction.RunHook hook) await hooks.RunAsync(hook.Name, Note(step), ct);
            return new StepEnd(ActionPhase.Succeeded, $"{step.Action}: done", null);
        }
        catch (ActionFailedException e)
        {
            return new StepEnd(ActionPhase.Failed, $"{step.Action}: {e.Message}", null);
        }
        catch (OperationCanceledException)
        {
            return new StepEnd(ActionPhase.Failed, $"{step.Action}: ended, as the server is shutting down", null);
        }
    }

    private DecisionNote Note(PlanStep step) => new(time.GetUtcNow(), step.Decision, step.Rule, step.Action.Subject, step.Reason);
}
