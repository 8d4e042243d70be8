using Ulm.Dsl.Policies;
using Ulm.Engine.Journal;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Faults;

/// <summary>Plays a scenario from its beginning to its end, with as many servers as it takes, and judges everything that happens.</summary>
internal sealed class ScenarioRun
{
    /// <summary>So long a server lives at least that comes after one which was killed.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromMinutes(10);

    private readonly Scenario _scenario;
    private readonly PolicySet _policies;
    private readonly List<string> _told = [];
    private readonly Misfortunes _misfortunes;
    private readonly HashSet<(string? Step, JournalKind Kind, string? Outcome)> _judged = [];
    private readonly bool _tell;

    private ScenarioRun(Scenario scenario, bool tell)
    {
        (_scenario, _policies, _tell) = (scenario, scenario.Policies(), tell);
        Run = new Run(scenario.Hosts, scenario.Vms, scenario.Load) { Options = scenario.Options };
        Run.World.Asked += (what, subject, to) => Tell($"  call {what} {subject}{(to is null ? "" : $" to {to}")}");
        Run.World.Happened += what => Tell($"  {what}");
        _misfortunes = new Misfortunes(Run, scenario.Troubles);
        _misfortunes.Told += Tell;
    }

    public Run Run { get; }

    public List<string> Broken { get; } = [];

    /// <summary>At which point the last server that was killed died; null: none was.</summary>
    public string? DiedAt { get; private set; }

    /// <summary>What happened, in order.</summary>
    public IReadOnlyList<string> Story => _told;

    /// <param name="tell">True: with the story.</param>
    public static ScenarioRun Play(Scenario scenario, bool tell = false)
    {
        var run = new ScenarioRun(scenario, tell);
        try
        {
            run.Play();
        }
        catch (Exception e)
        {
            run.Break($"the engine has a bug: {e}");
        }

        return run;
    }

    private void Play()
    {
        var end = Run.Time.GetUtcNow() + _scenario.Duration;
        // One that is killed near the end is followed by another all the same, which closes what was begun.
        for (var wasKilled = false; Run.Time.GetUtcNow() < end || wasKilled;)
        {
            var server = Live(Run.Time.GetUtcNow() < end ? end : Run.Time.GetUtcNow() + Closing);
            if (Broken.Count > 0) return;
            wasKilled = server.Killed;
            if (server.Down is { } down) Sleep(down);
        }

        // What counts within a time counts by the clock.
        if (!_scenario.Troubles.Any(t => t.Kind == TroubleKind.ClockIsSet)) Broken.AddRange(Budgets.Overspent(Run, _policies));
        if (Run.Loop.Executor.HaltedBecause is { } halted) Break($"an hour after all was well again it does not act: {halted}");
        Broken.AddRange(JournalTruth.Unpaired(Run.Store.Journal));
    }

    /// <summary>One server, until it is killed, stopped, or the scenario is over.</summary>
    /// <returns>How long nobody runs after it.</returns>
    private (TimeSpan? Down, bool Killed) Live(DateTimeOffset end)
    {
        var now = Run.Time.GetUtcNow();
        var next = _scenario.Troubles.FirstOrDefault(t => t.Kind is TroubleKind.ServerIsKilled or TroubleKind.ServerIsStopped && Run.Start + t.At > now);
        var until = next is { Kind: TroubleKind.ServerIsStopped } && Run.Start + next.At < end ? Run.Start + next.At : end;
        var watch = new SafetyWatch(Run, _policies);
        MortalPorts? ports = null;
        Run.Through = real => (ports = Guard(new MortalPorts(real))).Ports;
        Run.IsKilled = () => ports!.IsDead || watch.Broken.Count > 0 || Broken.Count > 0;
        if (next is { Kind: TroubleKind.ServerIsKilled }) Run.Time.CreateTimer(_ => ports!.DiesAt = ports.Points + next.Number, null, Run.Start + next.At - now, Timeout.InfiniteTimeSpan);
        Tell("SERVER starts");
        Run.For((until - now).TotalMinutes, _policies);
        watch.Over();
        foreach (var broken in watch.Broken) Break(broken);
        if (ports!.IsDead) DiedAt = ports.DiedAt;
        Tell(ports.IsDead ? $"SERVER is killed ({ports.DiedAt})" : "SERVER stops");
        return (ports.IsDead || until < end ? next!.For : null, ports.IsDead);
    }

    private MortalPorts Guard(MortalPorts ports)
    {
        ports.Appending += _misfortunes.OnAppending;
        ports.Appending += entries =>
        {
            foreach (var entry in entries)
            {
                if (entry.Kind != JournalKind.Rule) Tell($"{entry.Kind} {entry.Text}");
                // What a full store does not take is written again later, when the world may have gone on.
                if (_judged.Add((entry.Step, entry.Kind, entry.Outcome)) && JournalTruth.Belies(entry, Run.World) is { } lie) Break($"{lie}: {entry.Text}");
            }
        };
        return ports;
    }

    /// <summary>The world goes on and nobody looks.</summary>
    private void Sleep(TimeSpan duration)
    {
        var over = false;
        Run.Time.CreateTimer(_ => over = true, null, duration, Timeout.InfiniteTimeSpan);
        while (!over) Run.Time.FireNext();
    }

    private void Break(string what)
    {
        Broken.Add(what);
        Tell($"BROKEN: {what}");
    }

    private void Tell(string what)
    {
        if (_tell) _told.Add($"{Run.Time.GetUtcNow():dd HH:mm:ss.f} {what}");
    }
}
