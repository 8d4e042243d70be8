using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>Lets crashes and silences begin and end at their times, and tells of them. What strikes single orders is the site's own business.</summary>
internal sealed class FaultPlayer(SimulatedSite site, FaultSchedule schedule, TimeProvider time)
{
    public event Action<FaultEvent>? Happened;

    public void Start()
    {
        foreach (var window in schedule.Windows.Where(w => w.Until > time.GetUtcNow()))
        {
            At(window.From, () => Begin(window));
            if (window.Until < DateTimeOffset.MaxValue) At(window.Until, () => End(window));
        }
    }

    private void Begin(FaultWindow window)
    {
        if (window.Kind == FaultKind.HostCrash)
        {
            // One that is off has nothing to lose.
            if (site.Now.Host(window.Host).State == HostState.Off) return;
            site.Fail(window.Host);
        }

        var length = window.Until < DateTimeOffset.MaxValue ? $", for {Show.Duration(window.Until - window.From)}" : "";
        Tell(window, window.Kind switch
        {
            FaultKind.HostCrash => $"host {window.Host} crashes{length}",
            FaultKind.LibvirtSilent => $"the hypervisor of {window.Host} falls silent{length}",
            _ => $"the munin-node of {window.Host} falls silent{length}",
        });
    }

    private void End(FaultWindow window)
    {
        if (schedule.IsPresent(window.Kind, window.Host, time.GetUtcNow())) return;
        if (window.Kind == FaultKind.HostCrash)
        {
            if (site.Now.Host(window.Host).State != HostState.Unreachable) return;
            site.Return(window.Host);
        }

        Tell(window, window.Kind switch
        {
            FaultKind.HostCrash => $"host {window.Host} is back, and its VMs with it",
            FaultKind.LibvirtSilent => $"the hypervisor of {window.Host} answers again",
            _ => $"the munin-node of {window.Host} answers again",
        });
    }

    private void At(DateTimeOffset at, Action act)
    {
        var wait = at - time.GetUtcNow();
        time.CreateTimer(_ => act(), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Tell(FaultWindow window, string text) => Happened?.Invoke(new FaultEvent(time.GetUtcNow(), SubjectRef.Host(window.Host).ToString(), text));
}
