using Microsoft.Extensions.Hosting;
using Ulm.Engine;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;
using Ulm.Server.Feed;
using Ulm.Server.Policies;

namespace Ulm.Server.Hosting;

/// <summary>Runs the control loop on its thread for as long as the host lives, and brings changed policies into it.</summary>
internal sealed class EngineService(
    RunningEngine engine, PolicyDirectory policies, PolicyReloader reloader, StoryWriter story, Terminal terminal, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);

    private string? _toldHalt;

    /// <summary>Set when the loop could not go on; the process then ends with it.</summary>
    public string? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        // Nothing is measured or done before the server listens: one that can't start leaves no trace.
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(() => listening.TrySetResult()))
        await using (ct.Register(() => listening.TrySetResult())) await listening.Task;
        // Not thrown: the host would tell it with its stack, beside the one line that says why it can't listen.
        if (ct.IsCancellationRequested) return;

        story.TellZone(engine.Loop.Zone, time.GetUtcNow());
        engine.Loop.Journal.Written += story.Write;
        engine.Loop.Looked += (_, _) => TellWhetherItActs();
        engine.Loop.StandsBy += because => terminal.Error.WriteLine($"standing by: {because}");
        engine.Loop.BeforeFirstLook = () => engine.Loop.Journal.WriteAsync([Note(JournalKind.Server, $"started: {engine.Site}, {engine.Loop.Look.Policies.Rules.Length} rule(s) in force")], ct);
        var ended = new TaskCompletionSource();
        var thread = new Thread(() => RunEngine(ct, ended)) { Name = "engine", IsBackground = true };
        thread.Start();
        var watching = WatchPoliciesAsync(ct);
        await ended.Task;
        if (Failure is not null) lifetime.StopApplication();
        try
        {
            await watching;
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void RunEngine(CancellationToken ct, TaskCompletionSource ended)
    {
        try
        {
            engine.Thread.Run(() => engine.Loop.RunAsync(ct));
        }
        catch (StoreUnavailableException e)
        {
            Failure = e.Message;
        }
        catch (Exception e)
        {
            // A bug: there is nothing to mend for the person who reads this, so all of it is shown.
            Failure = $"the engine stopped on an internal fault; please report it: {e}";
        }

        ended.SetResult();
    }

    private async Task WatchPoliciesAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await policies.WaitAsync(ct);
                await reloader.TakeOverChangesAsync(ct);
            }
            catch (Exception e) when (e is StoreUnavailableException or TimeoutException or IOException)
            {
                await terminal.Error.WriteLineAsync($"the policies in {policies.Folder} were not taken over and are looked at again in {Show.Duration(TryAgain)}: {e.Message}");
                await Task.Delay(TryAgain, time, ct);
                policies.LookNow();
            }
        }
    }

    /// <summary>Called on the engine's thread.</summary>
    private void TellWhetherItActs()
    {
        var because = engine.Loop.Executor.HaltedBecause;
        if (because == _toldHalt) return;
        _toldHalt = because;
        try
        {
            terminal.Error.WriteLine(because is null ? "acting again" : $"NOT ACTING: {because}");
        }
        catch (IOException)
        {
            // What fills the journal's disk may fill that of the log.
        }
    }

    private JournalEntry Note(JournalKind kind, string text) => new(time.GetUtcNow(), kind, text);
}
