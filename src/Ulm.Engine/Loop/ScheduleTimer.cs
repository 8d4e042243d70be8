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
            var replaced = loop.PoliciesReplaced.Task;
            var due = loop.Look.Policies.Rules
                .Select(r => (Rule: r.Name, At: ScheduleCalculator.Next(r.Trigger, last, loop.Zone)))
                .Where(d => d.At is not null).ToList();
            if (due.Count == 0)
            {
                await replaced.WaitAsync(ct);
                continue;
            }

            var first = due.Min(d => d.At!.Value);
            var wait = first - time.GetUtcNow();
            if (wait > TimeSpan.Zero && await Task.WhenAny(time.WaitAsync(wait, ct), replaced) == replaced) continue;
            ct.ThrowIfCancellationRequested();
            foreach (var (rule, at) in due.Where(d => d.At == first)) loop.Due(new ScheduleEvent(rule, at!.Value));
            last = first;
        }
    }
}
