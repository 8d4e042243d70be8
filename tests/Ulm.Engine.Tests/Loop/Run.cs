using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Loop;

/// <summary>A server over a <see cref="World"/> in virtual time, polled once a minute: started, let run, stopped or killed, started again.</summary>
internal sealed class Run
{
    public static readonly DateTimeOffset Start = Some.Monday.AddHours(12);

    public Run(IEnumerable<Host> hosts, IEnumerable<Vm> vms, Func<string, DateTimeOffset, double?> vmCpu, DateTimeOffset? start = null)
    {
        Time = new VirtualTime(start ?? Start);
        World = new World(Time, hosts, vms, vmCpu);
        Store = new ScriptedStore(Time);
        World.Asked += (what, subject, _) => Asked.Add((Time.GetUtcNow(), what, subject));
        World.Asked += (what, subject, to) => Calls.Add($"{Time.GetUtcNow():HH:mm:ss} {what} {subject}{(to is null ? "" : $" to {to}")}");
    }

    public VirtualTime Time { get; }

    public World World { get; }

    public ScriptedStore Store { get; }

    /// <summary>What was told and run. Null: nothing outside is configured.</summary>
    public SimulatedOutside? Outside { get; init; } = new();

    /// <summary>Calls that change the site: <c>12:10:00 migrate a to h2</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The same, to count.</summary>
    public List<(DateTimeOffset At, string What, string Subject)> Asked { get; } = [];

    public LoopOptions Options { get; set; } = new() { PollingInterval = TimeSpan.FromMinutes(1), Executor = new() { LookAgain = TimeSpan.FromMinutes(1) } };

    /// <summary>The server that runs now, or ran last.</summary>
    public ControlLoop Loop { get; private set; } = null!;

    /// <summary>What the next server gets in place of the world and the store themselves.</summary>
    public Func<LoopPorts, LoopPorts> Through { get; set; } = ports => ports;

    /// <summary>True: the server is killed where it stands.</summary>
    public Func<bool> IsKilled { get; set; } = () => false;

    /// <summary>Called before virtual time goes on, with everything that could happen at the present instant done.</summary>
    public Action? BeforeTimeGoesOn { get; set; }

    public IEnumerable<string> Journal(params JournalKind[] kinds) =>
        Store.Journal.Where(e => kinds.Contains(e.Kind)).Select(e => $"{e.At:HH:mm:ss} {e.Text}");

    /// <summary>Starts a server and lets it run for so long; then it is shut down, or killed where it stands.</summary>
    /// <param name="script">What happens meanwhile, minutes after this start.</param>
    public Run For(double minutes, PolicySet policies, bool kill = false, params (double Minute, Action<ControlLoop> Do)[] script)
    {
        var ports = Through(new LoopPorts(World, World, World, Store, World.Clock) { Check = World });
        Loop = new ControlLoop(Outside is null ? ports : ports with { Notifier = Outside, Hooks = Outside }, Options, policies);
        var loop = Loop;
        foreach (var (minute, act) in script) Time.CreateTimer(_ => act(loop), null, TimeSpan.FromMinutes(minute), Timeout.InfiniteTimeSpan);
        var end = Time.GetUtcNow() + TimeSpan.FromMinutes(minutes);
        try
        {
            new EngineThread().Run(() => DriveAsync(TimeSpan.FromMinutes(minutes), kill), () =>
            {
                BeforeTimeGoesOn?.Invoke();
                if (kill && Time.NextDue > end || IsKilled()) throw new KilledException();
                Time.FireNext();
            });
        }
        catch (KilledException)
        {
            Store.WriterDies();
            // What the dead server still waited for comes to a thread that is no more; the world goes on by itself.
        }

        return this;
    }

    /// <summary>For so long no server runs; the world goes on.</summary>
    public void Idle(double minutes)
    {
        var end = Time.GetUtcNow() + TimeSpan.FromMinutes(minutes);
        Time.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(minutes), Timeout.InfiniteTimeSpan);
        while (Time.GetUtcNow() < end) Time.FireNext();
    }

    private async Task DriveAsync(TimeSpan duration, bool kill)
    {
        using var end = new CancellationTokenSource();
        var loop = Loop.RunAsync(end.Token);
        var schedules = new ScheduleTimer(Loop, World.Clock).RunAsync(end.Token);
        var over = new TaskCompletionSource();
        if (!kill) Time.CreateTimer(_ => over.SetResult(), null, duration, Timeout.InfiniteTimeSpan);
        await over.Task;
        end.Cancel();
        await loop;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => schedules);
    }

    private sealed class KilledException : Exception;
}
