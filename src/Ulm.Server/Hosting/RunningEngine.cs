using System.Collections.Immutable;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;

namespace Ulm.Server.Hosting;

/// <summary>The engine of this process, as the API and the schedules reach it: always by way of its own thread.</summary>
/// <param name="Site">What it runs on, for people: <c>simulated</c>, or the configuration's path.</param>
public sealed record RunningEngine(EngineThread Thread, ControlLoop Loop, IStateStore Store, LoopOptions Options, string Site)
{
    /// <summary>Asks the munin-nodes for all the fields they have; from any thread.</summary>
    public Func<CancellationToken, Task<ImmutableArray<string>>> MuninFields { get; init; } = _ => Task.FromResult(ImmutableArray<string>.Empty);

    /// <summary>Asks for what takes time; the time itself is not limited.</summary>
    /// <exception cref="TimeoutException">The engine's thread is busy or has ended.</exception>
    public async Task<T> AskAsync<T>(Func<ControlLoop, Task<T>> question, CancellationToken ct)
    {
        var begun = await AskAsync(question);
        return await begun.WaitAsync(ct);
    }

    /// <exception cref="TimeoutException">The engine's thread is busy or has ended.</exception>
    public Task<T> AskAsync<T>(Func<ControlLoop, T> question) => Thread.AskAsync(() => question(Loop)).WaitAsync(TimeSpan.FromSeconds(10));
}
