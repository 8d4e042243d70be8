using System.Collections.Immutable;
using Ulm.Engine;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Server.Commands;

namespace Ulm.Server.Hosting;

/// <summary>The engine of this process, as the API and the schedules reach it: always by way of its own thread.</summary>
/// <param name="Site">What it runs on, for people: <c>simulated</c>, or the configuration's path.</param>
public sealed record RunningEngine(EngineThread Thread, ControlLoop Loop, IStateStore Store, LoopOptions Options, string Site)
{
    /// <summary>Asks the munin-nodes for all the fields they have; from any thread.</summary>
    public Func<CancellationToken, Task<ImmutableArray<string>>> MuninFields { get; init; } = _ => Task.FromResult(ImmutableArray<string>.Empty);

    /// <summary>Asks what only a server can tell that has looked at its site.</summary>
    /// <exception cref="CommandFailedException">This one stands by while another acts.</exception>
    /// <exception cref="TimeoutException">The engine's thread is busy or has ended.</exception>
    public Task<T> AskOfSiteAsync<T>(Func<ControlLoop, T> question) => AskAsync(loop => loop.StandsByBecause is { } another
        ? throw new CommandFailedException($"this server stands by and knows nothing of the site: {another}; ask that one")
        : question(loop));

    /// <summary>Asks of its site for what takes time; the time itself is not limited.</summary>
    /// <exception cref="CommandFailedException">This server stands by while another acts.</exception>
    /// <exception cref="TimeoutException">The engine's thread is busy or has ended.</exception>
    public async Task<T> AskAsync<T>(Func<ControlLoop, Task<T>> question, CancellationToken ct)
    {
        var begun = await AskOfSiteAsync(question);
        return await begun.WaitAsync(ct);
    }

    /// <summary>How long a question waits for its turn.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="TimeoutException">The engine's thread is busy or has ended: it was not asked, and will not be.</exception>
    public async Task<T> AskAsync<T>(Func<ControlLoop, T> question)
    {
        const int Waits = 0, Begun = 1, GivenUp = 2;
        var course = Waits;
        // Whoever was told that the engine is busy must not find later that it has done what he asked.
        var answer = Thread.AskAsync(() => Interlocked.CompareExchange(ref course, Begun, Waits) == Waits ? question(Loop) : default!);
        try
        {
            return await answer.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // Begun meanwhile, or over: that is the answer.
            return Interlocked.CompareExchange(ref course, GivenUp, Waits) != Waits ? await answer
                : throw new TimeoutException($"the server has been busy for {Show.Duration(Patience)}: it was not asked, and nothing was done; try again");
        }
    }

    /// <summary>Tells the engine's thread something that it is to hear however busy it is.</summary>
    public void Tell(Action<ControlLoop> what) => Thread.Post(_ => what(Loop), null);
}
