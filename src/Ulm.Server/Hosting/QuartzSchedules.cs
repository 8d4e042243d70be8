using Microsoft.Extensions.Hosting;
using Quartz;
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

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        var scheduler = await factory.GetScheduler(ct);
        while (!ct.IsCancellationRequested)
        {
            var (rules, replaced) = await engine.AskAsync(loop => (loop.Look.Policies.Rules, loop.PoliciesReplaced.Task));
            await scheduler.Clear(ct);
            var now = time.GetUtcNow();
            foreach (var rule in rules) await SetNextAsync(scheduler, rule.Name, now, ct);
            await replaced.WaitAsync(ct);
        }
    }

    internal async Task SetNextAsync(IScheduler scheduler, string rule, DateTimeOffset after, CancellationToken ct)
    {
        var due = await engine.AskAsync(loop => loop.Look.Policies.Rules.FirstOrDefault(r => r.Name == rule) is { } found
            ? ScheduleCalculator.Next(found.Trigger, after, loop.Zone) : null);
        if (due is not { } at) return;
        var job = JobBuilder.Create<DueJob>().UsingJobData(RuleKey, rule).UsingJobData(DueKey, at.UtcTicks).Build();
        await scheduler.ScheduleJob(job, TriggerBuilder.Create().StartAt(at).Build(), cancellationToken: ct);
    }
}

/// <summary>One scheduled rule has come due.</summary>
internal sealed class DueJob(RunningEngine engine, QuartzSchedules schedules) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken ct)
    {
        var rule = context.MergedJobDataMap.GetString(QuartzSchedules.RuleKey)!;
        var due = new DateTimeOffset(context.MergedJobDataMap.GetLong(QuartzSchedules.DueKey), TimeSpan.Zero);
        await engine.AskAsync(loop =>
        {
            loop.Due(new ScheduleEvent(rule, TimeZoneInfo.ConvertTime(due, loop.Zone)));
            return true;
        });
        await schedules.SetNextAsync(context.Scheduler, rule, due, ct);
    }
}
