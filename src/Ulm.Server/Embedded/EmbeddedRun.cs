using Ulm.Dsl.Policies;
using Ulm.Engine;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;
using Ulm.Server.Commands;
using Ulm.Server.Feed;
using Ulm.Server.Hosting;
using Ulm.Server.Policies;

namespace Ulm.Server.Embedded;

/// <summary>Runs the control loop on the embedded site, fast, and tells what it decides and why.</summary>
internal static class EmbeddedRun
{
    /// <summary>So soon Ctrl-C is heard.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    /// <param name="paths">Where the policies were read from; none of those that are built in.</param>
    /// <param name="faults">A file of what shall go wrong; null: nothing.</param>
    /// <param name="speed">Virtual seconds a second; zero: as fast as it goes.</param>
    /// <param name="socket">Where commands reach it; null: nowhere.</param>
    public static async Task<int> RunAsync(PolicySet policies, IReadOnlyList<string> paths, TimeSpan duration, string? faults, double speed, bool figures, string? socket, Terminal terminal, CancellationToken ct)
    {
        var options = new LoopOptions { PollingInterval = TimeSpan.FromMinutes(1), TimeZone = TimeZoneInfo.Utc };
        var site = EmbeddedSite.Create();
        var goesWrong = faults is null ? null : SiteFile.ReadFaults(faults, site, EmbeddedSite.Start, policies.TimeZone ?? options.TimeZone);
        var request = new SimulationRequest(site, new DailyLoad(EmbeddedSite.Seed), policies, EmbeddedSite.Start, duration, options)
        {
            Faults = goesWrong?.Faults ?? [],
            FaultSeed = goesWrong?.Seed ?? EmbeddedSite.Seed,
        };
        var simulator = new Simulator(request);
        var story = StoryWriter.InZone(terminal, () => simulator.Loop.Zone, "ddd HH:mm:ss");
        simulator.Loop.Journal.Written += story.Write;
        simulator.Loop.Looked += (facts, _) =>
        {
            if (figures) story.WriteFigures(facts);
            if (figures || facts.At.Minute == 0) story.Line(facts.At, "site", Summary(facts), "2");
        };
        simulator.FaultHappened += fault => story.Line(fault.At, "struck", fault.Text, "33");
        var began = TimeProvider.System.GetTimestamp();
        if (speed > 0) simulator.BeforeTimeGoesOn = _ => Pace(simulator, began, speed, ct);
        var engine = new RunningEngine(simulator.Thread, simulator.Loop, simulator.Store, options, $"simulated site of {site.Hosts.Length} hosts and {site.Vms.Length} VMs");
        using var reloader = new PolicyReloader(engine, new EmbeddedPolicies(paths, new SiteClock(options.TimeZone, options.PollingInterval)), terminal, simulator.Time);
        await using var listening = socket is null ? null : await EmbeddedSocket.ListenAsync(socket, engine, reloader, ct);
        terminal.Out.WriteLine($"No configuration given: this is a simulated site of {site.Hosts.Length} hosts and {site.Vms.Length} VMs{(speed > 0 ? $", {Show.Duration(TimeSpan.FromSeconds(speed))} of its time a second" : "")}.");
        if (socket is not null) terminal.Out.WriteLine($"Commands reach it with --socket {socket}, or with ULM_SOCKET={socket} set.");
        terminal.Out.WriteLine($"Rules in force: {string.Join(", ", policies.Rules.Select(r => r.Name))}. Ctrl-C ends it.");
        story.TellZone(simulator.Loop.Zone, EmbeddedSite.Start);
        terminal.Out.WriteLine();
        var result = simulator.Run(ct);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"{result.Migrations} migrations, {result.HostPowerCycles} times a host was powered off, {result.MeanHostsOn:0.0} of {site.Hosts.Length} hosts on in the mean; " +
            $"{result.EnergyKWh:0.0} kWh instead of {result.EnergyKWhWithoutPolicies:0.0} kWh with all of them on and no VM moved.");
        foreach (var violation in result.Violations) terminal.Error.WriteLine($"violation: {violation}");
        return result.Violations.IsEmpty ? ExitCode.Clean : ExitCode.No;
    }

    /// <summary>Waits until the next instant has come, and answers what is asked meanwhile: what is ordered then may bring an earlier one.</summary>
    private static void Pace(Simulator simulator, long began, double speed, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && simulator.Time.NextDue is { } next)
        {
            var wait = (next - EmbeddedSite.Start) / speed - TimeProvider.System.GetElapsedTime(began);
            if (wait <= TimeSpan.Zero) return;
            simulator.Thread.Serve(wait < LongestWait ? wait : LongestWait);
        }
    }

    private static string Summary(Engine.Facts.SiteFacts facts)
    {
        var on = facts.Site.Hosts.Where(h => h.State is HostState.On or HostState.Draining).ToList();
        var cpu = on.Select(h => facts.Read(h.Ref, PolicyAttribute.HostCpu)).Where(r => r.IsKnown).Select(r => r.Value).DefaultIfEmpty().ToList();
        return $"{on.Count} of {facts.Site.Hosts.Length} hosts on, cpu {Show.Percent(Math.Round(cpu.Average()))} in the mean, {Show.Percent(Math.Round(cpu.Max()))} on the busiest";
    }
}
