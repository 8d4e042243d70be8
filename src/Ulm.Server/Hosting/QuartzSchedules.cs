using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Quartz;
using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;

namespace Ulm.Server.Hosting;

/// <summary>
/// Lets Quartz wake the loop when a scheduled rule comes due. The time itself comes from <see cref="ScheduleCalculator"/>, the one place that
/// knows; each job ends by setting the rule's next one. A time that passed while the server was down is not made up for.
/// </summary>
internal sealed class QuartzSchedules(RunningEngine engine, ISchedulerFactory factory, TimeProvider time) : BackgroundService
{
    internal const string Group = "rules";
    internal const string RuleKey = "rule";
    internal const string DueKey = "due";

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    /// <summary>One at a time: a job that ends while the rules are replaced must not bring back what was cleared.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private InForce _inForce = new([], TimeZoneInfo.Utc, ImmutableDictionary<string, TimeSpan>.Empty);

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    /// <summary>Schedules the rule's next time. It asks nothing of the engine: one that is busy must not cost a rule its schedule.</summary>
    internal async Task SetNextAsync(IScheduler scheduler, string rule, DateTimeOffset after, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await ScheduleAsync(scheduler, rule, after, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        var scheduler = await factory.GetScheduler(ct);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(scheduler, ct);
            }
            catch (TimeoutException)
            {
                // The engine is busy; those scheduled before go on meanwhile.
                await Task.Delay(AskAgain, time, ct);
            }
        }
    }

    /// <summary>Schedules the rules in force, until there are others or their times are to be reckoned anew.</summary>
    private async Task FollowAsync(IScheduler scheduler, CancellationToken ct)
    {
        var (inForce, reset, leadsChanged) = await AskAsync();
        await SetAllAsync(scheduler, inForce, _ => true, ct);
        while (await Task.WhenAny(reset, leadsChanged).WaitAsync(ct) == leadsChanged)
        {
            (inForce, var next, leadsChanged) = await AskAsync();
            if (next != reset) return;
            // The others stay as they are: one that comes due at this very instant must not be lost. A time set with an old lead wakes the loop for nothing.
            await SetAllAsync(scheduler, inForce, rule => rule.Trigger is Trigger.HaveOn, ct);
        }
    }

    private Task<(InForce InForce, Task Reset, Task LeadsChanged)> AskAsync() => engine.AskAsync(loop =>
        (new InForce(loop.Look.Policies.Rules, loop.Zone, loop.Leads), (Task)loop.SchedulesReset.Task, (Task)loop.LeadsChanged.Task));

    private async Task SetAllAsync(IScheduler scheduler, InForce inForce, Func<Rule, bool> which, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_inForce.Rules != inForce.Rules) await scheduler.Clear(ct);
            _inForce = inForce;
            var now = time.GetUtcNow();
            foreach (var rule in inForce.Rules.Where(which)) await ScheduleAsync(scheduler, rule.Name, now, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ScheduleAsync(IScheduler scheduler, string rule, DateTimeOffset after, CancellationToken ct)
    {
        var due = _inForce.Rules.FirstOrDefault(r => r.Name == rule) is { } found
            ? ScheduleCalculator.Next(found.Trigger, after, _inForce.Zone, _inForce.Leads.GetValueOrDefault(rule)) : null;
        if (due is not { } at) return;
        var key = new JobKey($"{rule}@{at.UtcTicks}", Group);
        if (await scheduler.Exists(key, ct)) return;
        var job = JobBuilder.Create<DueJob>().WithIdentity(key).UsingJobData(RuleKey, rule).UsingJobData(DueKey, at.UtcTicks).Build();
        // A job that could not start in time starts late, for it sets the rule's next time; the loop itself drops what comes too late.
        await scheduler.ScheduleJob(job, TriggerBuilder.Create().StartAt(at).Build(), cancellationToken: ct);
    }

    private sealed record InForce(ImmutableArray<Rule> Rules, TimeZoneInfo Zone, ImmutableDictionary<string, TimeSpan> Leads);
}

/// <summary>One scheduled rule has come due.</summary>
internal sealed class DueJob(RunningEngine engine, QuartzSchedules schedules, TimeProvider time) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken ct)
    {
        var rule = context.MergedJobDataMap.GetString(QuartzSchedules.RuleKey)!;
        var due = new DateTimeOffset(context.MergedJobDataMap.GetLong(QuartzSchedules.DueKey), TimeSpan.Zero);
        // First of all the next time, so that nothing that goes wrong with this one ends the schedule; those missed meanwhile are not made up for.
        var now = time.GetUtcNow();
        await schedules.SetNextAsync(context.Scheduler, rule, now > due ? now : due, ct);
        engine.Tell(loop => loop.Due(new ScheduleEvent(rule, TimeZoneInfo.ConvertTime(due, loop.Zone))));
    }
}
