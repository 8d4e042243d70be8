using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>Wakes the loop at the times of its scheduled rules, by the loop's own clock. For virtual time; the live server lets Quartz do this.</summary>
public sealed class ScheduleTimer(ControlLoop loop, TimeProvider time)
{
    public async Task RunAsync(CancellationToken ct)
    {
        var last = time.GetUtcNow();
        while (!ct.IsCancellationRequested)
        {
            var reset = loop.SchedulesReset.Task;
            var changed = Task.WhenAny(reset, loop.LeadsChanged.Task);
            var due = loop.Look.Policies.Rules
                .Select(r => (Rule: r.Name, At: ScheduleCalculator.Next(r.Trigger, last, loop.Zone, loop.Leads.GetValueOrDefault(r.Name))))
                .Where(d => d.At is not null).ToList();
            if (due.Count == 0)
            {
                await changed.WaitAsync(ct);
                last = Now(last, reset.IsCompleted);
                continue;
            }

            var first = due.Min(d => d.At!.Value);
            var wait = first - time.GetUtcNow();
            if (wait > TimeSpan.Zero && await Task.WhenAny(time.WaitAsync(wait, ct), changed) == changed)
            {
                last = Now(last, reset.IsCompleted);
                continue;
            }

            ct.ThrowIfCancellationRequested();
            foreach (var (rule, at) in due.Where(d => d.At == first)) loop.Due(new ScheduleEvent(rule, at!.Value));
            last = first;
        }
    }

    /// <summary>New policies and leads count from now: what would have come earlier is past. Less a tick, so that what is due this instant is not.</summary>
    /// <param name="isReset">So it is where the clock was set back; else nothing comes due twice.</param>
    private DateTimeOffset Now(DateTimeOffset last, bool isReset)
    {
        var now = time.GetUtcNow();
        return isReset && now != last || now > last ? now - TimeSpan.FromTicks(1) : last;
    }
}
