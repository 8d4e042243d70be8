using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Actions;

/// <summary>Powers one host off or on. Off happens only after the hypervisor itself said that nothing runs there, asked after the host was closed.</summary>
internal sealed class PowerRunner(
    IHypervisor hypervisor, IHostPower power, HostOrders orders, HostLives lives, BootWatch boots, TimeProvider time, ExecutorOptions options, Func<SiteFacts> current, ActiveSteps active, Action stopIfHalted, Action<string, string> leftOn)
{
    /// <summary>How many looks longer than the idle time a host may take to become empty before the step gives up.</summary>
    private const int PatienceInLooks = 6;

    public Task<StepEnd> OffAsync(PlanStep step, string name, Func<ConstraintSet> constraints, Func<Task> beginAsync, CancellationToken ct)
    {
        var text = step.Action.ToString()!;
        return OnceEmptyAsync(step, name, "powered off", constraints, beginAsync, async (host, given) =>
        {
            active.Describe(step, "powering off");
            try
            {
                stopIfHalted();
                await given.GiveAsync(() => power.PowerOffAsync(host, ct));
            }
            catch (StillOnException e)
            {
                ct.ThrowIfCancellationRequested();
                // Minutes may have passed since the last answer: only a new one allows to cut the power. Unknown means no.
                if (await AskIfEmptyAsync(host, ct) is { } why) return new StepEnd(ActionPhase.InDoubt, $"{text}: {e.Message}; its power is not cut: {why.Reason}", null);
                if (WantedOn(step, host) is { } wanted) return new StepEnd(ActionPhase.InDoubt, $"{text}: {e.Message}; its power is not cut: {wanted.Reason}", null);
                active.Describe(step, "cutting its power");
                try
                {
                    stopIfHalted();
                }
                catch (HaltedException halted)
                {
                    // It was told to go, and may do so yet.
                    return new StepEnd(ActionPhase.InDoubt, $"{text}: {e.Message}; its power is not cut: {halted.Message}", null);
                }

                await given.GiveAsync(() => power.CutPowerAsync(host, ct));
            }

            if (await StillAnswersAsync(host, ct) is { } doubt) return new StepEnd(ActionPhase.InDoubt, $"{text}: {doubt}", null);
            await PutDownAsync(name, HostPhase.Off, $"powered off by {step.Rule}");
            return new StepEnd(ActionPhase.Succeeded, $"{text}: it is off", null);
        }, ct);
    }

    /// <summary>As for powering off, but to memory. From then on it does not answer and counts as off, until it wakes.</summary>
    public Task<StepEnd> SuspendAsync(PlanStep step, string name, Func<ConstraintSet> constraints, Func<Task> beginAsync, CancellationToken ct)
    {
        var text = step.Action.ToString()!;
        return OnceEmptyAsync(step, name, "suspended", constraints, beginAsync, async (host, given) =>
        {
            active.Describe(step, "suspending");
            stopIfHalted();
            // Kept before: a host that sleeps while nobody knows of it looks like one that has failed.
            await orders.SetAsync(new HostOrder(name, HostOrderKind.Suspended, HostOrderPhase.Off, step.Rule, time.GetUtcNow()), ct);
            try
            {
                await given.GiveAsync(() => power.SuspendAsync(host, ct));
            }
            catch (ActionFailedException e)
            {
                try
                {
                    await orders.RemoveAsync(name, CancellationToken.None);
                }
                catch (RecorderUnavailableException)
                {
                    // It is ended as soon as the host is seen to be awake.
                }

                return new StepEnd(ActionPhase.Failed, $"{text}: {e.Message}", e is NotSupportedByHostException ? RefusalCode.NotSupported : null);
            }

            await PutDownAsync(name, HostPhase.Off, $"suspended by {step.Rule}");
            return new StepEnd(ActionPhase.Succeeded, $"{text}: it has taken the order to sleep", null);
        }, ct);
    }

    /// <summary>The one way to take a host away: closed, seen to be empty for long enough, asked before the intention is written and again after it.</summary>
    /// <param name="switched">What becomes of it, for people.</param>
    /// <param name="switchAsync">Switches it; right before, its hypervisor said that nothing runs there.</param>
    private async Task<StepEnd> OnceEmptyAsync(
        PlanStep step, string name, string switched, Func<ConstraintSet> constraints, Func<Task> beginAsync, Func<Host, GivenOrders, Task<StepEnd>> switchAsync, CancellationToken ct)
    {
        var (text, given) = (step.Action.ToString()!, new GivenOrders());
        active.Describe(step, $"closed; {switched} once it was empty for {Show.Duration(options.IdleTime)}");
        if (await WaitUntilIdleAsync(step.Action, name, constraints, ct) is { } obstacle) return Refused(obstacle);
        var host = current().Site.Host(name);
        if (await AskIfEmptyAsync(host, ct) is { } occupied) return Refused(occupied);
        if (PreChecks.ForPowerOff(step.Action, host, current(), constraints()) is { } late) return Refused(late);
        var end = await SwitchAsync(text, name, beginAsync, async () =>
        {
            if (await RememberAsync(host, step, ct) is { } gone) return CalledOff(gone);
            // Asked again: while the intention was being written somebody may have started a VM there.
            if (await AskIfEmptyAsync(host, ct) is { } since) return CalledOff(since);
            if (WantedOn(step, host) is { } wanted) return CalledOff(wanted);
            return await switchAsync(host, given);
        });
        return end with { MayComeLate = given.MayHaveArrived && end.Phase != ActionPhase.Succeeded };

        StepEnd CalledOff(Obstacle because) => new(ActionPhase.Failed, $"{text}: {because.Reason}", because.Code);

        StepEnd Refused(Obstacle because) => new(ActionPhase.Refused, $"{text}: {because.Reason}", because.Code);
    }

    public async Task<StepEnd> OnAsync(PlanStep step, string name, Func<Task> beginAsync, CancellationToken ct)
    {
        var text = step.Action.ToString()!;
        if (current().Site.FindHost(name) is not { State: HostState.Off } host)
            return new StepEnd(ActionPhase.Refused, $"{text}: it is not off", RefusalCode.FactsMoved);
        if (current().HoldOn(host) is { } hold) return new StepEnd(ActionPhase.Refused, $"{text}: {hold}", RefusalCode.HeldBack);
        return await SwitchAsync(text, name, beginAsync, async () =>
        {
            // While the intention was being written somebody may have pressed its switch.
            if (lives.Current.GetValueOrDefault(name) is { Phase: not HostPhase.Off } life) return new StepEnd(ActionPhase.Failed, $"{text}: it is {HostLife.Describe(life.Phase)} by now", RefusalCode.FactsMoved);
            active.Describe(step, "powering on");
            var (begun, since) = (time.GetUtcNow(), time.GetTimestamp());
            stopIfHalted();
            await lives.MoveAsync(name, HostPhase.PoweringOn, $"powered on by {step.Rule}", begun, ct);
            try
            {
                await power.PowerOnAsync(host, ct);
            }
            catch (ActionFailedException e)
            {
                await PutDownAsync(name, HostPhase.Off, e.Message);
                throw;
            }

            await PutDownAsync(name, HostPhase.Booting, "the order was taken");
            if (await boots.SeeThroughAsync(name, begun, doing => active.Describe(step, doing), ct) is { } failed)
                return new StepEnd(ActionPhase.Failed, $"{text}: {failed}", null);
            return new StepEnd(ActionPhase.Succeeded, $"{text}: it answers after {Show.Duration(time.GetElapsedTime(since))}", null);
        });
    }

    private async Task<StepEnd> SwitchAsync(string text, string name, Func<Task> beginAsync, Func<Task<StepEnd>> switchAsync)
    {
        active.Switching(name);
        try
        {
            await beginAsync();
            try
            {
                return await switchAsync();
            }
            catch (ActionFailedException e)
            {
                if (e is LeftOnException) leftOn(name, e.Message);
                return new StepEnd(ActionPhase.Failed, $"{text}: {e.Message}", null);
            }
            catch (OperationCanceledException)
            {
                return new StepEnd(ActionPhase.InDoubt, $"{text}: the server was shut down before it was seen through", null);
            }
        }
        finally
        {
            active.Switched(name);
        }
    }

    /// <summary>What switches a host is not believed as long as the host itself answers. Null: it does not.</summary>
    private async Task<string?> StillAnswersAsync(Host host, CancellationToken ct)
    {
        if (await power.StateAsync(host, ct) == PowerState.On) return "the order was carried out, it says, and the host is on";
        try
        {
            await hypervisor.RunningVmsAsync(host, ct);
            return "it is off, its power control says, and its hypervisor answers";
        }
        catch (ActionFailedException)
        {
            return null;
        }
    }

    /// <summary>What was done is so, whether it can be kept at this instant or not: it is kept with the next look, before anything else is done.</summary>
    private async Task PutDownAsync(string name, HostPhase phase, string because)
    {
        try
        {
            await lives.MoveAsync(name, phase, because, time.GetUtcNow(), CancellationToken.None);
        }
        catch (RecorderUnavailableException)
        {
            // How the step ended is recorded next, and says so if that fails too.
        }
    }

    /// <summary>What it is like now is what it has to be like when it is woken. Where that can't be told, what was known before holds.</summary>
    /// <returns>Null: it is on its way off. Else what it has become while it was looked at, and nobody told it to.</returns>
    private async Task<Obstacle?> RememberAsync(Host host, PlanStep step, CancellationToken ct)
    {
        var portrait = await boots.PortraitAsync(host, ct);
        if (lives.Current.GetValueOrDefault(host.Name) is { Phase: not HostPhase.PoweringOff and var phase } && !HostLife.MayFollow(phase, HostPhase.PoweringOff)) return new Obstacle(RefusalCode.FactsMoved, $"it is {HostLife.Describe(phase)} by now");
        await lives.MoveAsync(host.Name, HostPhase.PoweringOff, $"powered off by {step.Rule}", time.GetUtcNow(), ct, life => life with { Before = portrait ?? life.Before });
        return null;
    }

    /// <summary>What people have ordered of it or hold it for by now; null: nothing that keeps it on.</summary>
    private Obstacle? WantedOn(PlanStep step, Host host) =>
        PreChecks.AgainstOrders(step.Action, orders.Current.GetValueOrDefault(host.Name)) ?? (current().HoldOn(host) is { } hold ? new Obstacle(RefusalCode.HeldBack, hold.ToString()) : null);

    /// <summary>What the hypervisor itself says; null: it runs nothing.</summary>
    private async Task<Obstacle?> AskIfEmptyAsync(Host host, CancellationToken ct)
    {
        try
        {
            var running = await hypervisor.RunningVmsAsync(host, ct);
            return running.Count == 0 ? null : new(
                RefusalCode.HostNotEmpty, $"its hypervisor says that {running.Count} VM(s) run there: {string.Join(", ", running.Take(5).Select(r => r.Name))}");
        }
        catch (ActionFailedException e)
        {
            return new(RefusalCode.DataUnknown, $"whether it is empty is unknown: {e.Message}");
        }
    }

    /// <summary>Null once the host has been empty for the idle time; else what speaks against going on.</summary>
    private async Task<Obstacle?> WaitUntilIdleAsync(PlannedAction off, string name, Func<ConstraintSet> constraints, CancellationToken ct)
    {
        var deadline = time.GetUtcNow() + options.IdleTime + options.LookAgain * PatienceInLooks;
        DateTimeOffset? silentSince = null;
        while (true)
        {
            var facts = current();
            var now = time.GetUtcNow();
            if (facts.Site.FindHost(name) is not { State: HostState.Draining or HostState.Unreachable } host)
                return new(RefusalCode.FactsMoved, $"it is {(facts.Site.FindHost(name) is { } h ? SiteFacts.Describe(h.State) : "gone")} now");
            if (host.State == HostState.Unreachable)
            {
                // One missed poll is not the end of it; silence for as long as makes data stale is. The idle time begins anew.
                silentSince ??= now;
                if (now - silentSince > options.LookAgain * Freshness.PollsUntilStale) return new(RefusalCode.DataUnknown, "it does not answer");
                await time.WaitAsync(options.LookAgain, ct);
                deadline = time.GetUtcNow() + options.IdleTime + options.LookAgain * PatienceInLooks;
                continue;
            }

            silentSince = null;
            var obstacle = PreChecks.ForPowerOff(off, host, facts, constraints());
            if (obstacle is { Code: not RefusalCode.HostNotEmpty }) return obstacle;
            var wait = options.LookAgain;
            if (obstacle is null && facts.EmptySince.TryGetValue(name, out var since))
            {
                var left = since + options.IdleTime - now;
                if (left <= TimeSpan.Zero) return null;
                // Not a look later than need be: with long intervals that is time in which it draws power for nothing.
                if (left < wait) wait = left;
            }
            else if (now >= deadline) return obstacle ?? new(RefusalCode.DataUnknown, "whether it is empty is unknown");

            await time.WaitAsync(wait, ct);
        }
    }

    /// <summary>What was given to whoever switches a host.</summary>
    private sealed class GivenOrders
    {
        /// <summary>However it ended, something of it may have been taken.</summary>
        public bool MayHaveArrived { get; private set; }

        public async Task GiveAsync(Func<Task> give)
        {
            try
            {
                await give();
                MayHaveArrived = true;
            }
            catch (Exception e)
            {
                MayHaveArrived |= e is not ActionFailedException { NothingSent: true };
                throw;
            }
        }
    }
}
