using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Server.Api;
using Ulm.Server.Api.Manual;
using Ulm.Server.Commands;
using Ulm.Server.Configuration;
using Ulm.Server.Feed;
using Ulm.Server.Live;
using Ulm.Server.Outside;
using Ulm.Server.Policies;
using Ulm.Server.Power;
using Ulm.Server.Store;

namespace Ulm.Server.Hosting;

/// <summary>The daemon on a real site: puts the parts together, runs them under the generic host, and takes them apart in order.</summary>
internal static class LiveServer
{
    /// <summary>Steps under way are aborted and verified at the end. A little less than the TimeoutStopSec of docs/ulm-server.service.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(4);

    /// <returns>The process's exit code.</returns>
    /// <exception cref="CommandFailedException">It can't start: one clear line.</exception>
    public static async Task<int> RunAsync(string configFile, bool figures, Terminal terminal, CancellationToken ct)
    {
        var time = TimeProvider.System;
        var config = ConfigReader.Read(configFile);
        using var policies = new PolicyDirectory(config.PolicyDirectory, config.Clock, time);
        var first = policies.Load();
        if (first.Faults.Length > 0) await terminal.Error.WriteLineAsync(first.Faults);
        if (!first.Usable) throw new CommandFailedException($"the policies in {config.PolicyDirectory} have errors; nothing was started", ExitCode.PolicyErrors);

        using var oneServer = OneServer.Claim(config);
        using var store = OpenStore(config.StorePath);
        var hosts = config.Hosts.Select(h => new ManagedHost(h, config.Loop.PollingInterval, time)).ToList();
        try
        {
            using var power = new SitePower(hosts, time);
            if (power.Lacks().ToList() is { Count: > 0 } lacks) throw new CommandFailedException($"hosts can't be switched as {configFile} says; nothing was started:\n  {string.Join("\n  ", lacks)}");
            using var channels = new ConfiguredChannels(config.Channels, config.DefaultChannel, time);
            var machine = Environment.MachineName;
            var options = config.Loop with { MayGoOffFor = config.MayGoOffFor, Lease = new LeaseOptions($"{machine}:{Environment.ProcessId}-{Guid.NewGuid():N}"[..^26]) { GoneWith = () => oneServer.IsAlone() ? $"{machine}:" : null } };
            var observer = new LiveSiteObserver(hosts, power, time, config.Loop.PollingInterval, config.LocalStorage);
            var loop = new ControlLoop(new LoopPorts(observer, new LibvirtHypervisor(hosts), power, store, time) { Notifier = channels, Hooks = new ConfiguredHooks(config.Hooks, time), Check = new LiveHostCheck(hosts) }, options, first.Result.Policies);
            var engine = new RunningEngine(new EngineThread(), loop, store, config.Loop, $"{config.Hosts.Length} host(s) of {configFile}")
            {
                MuninFields = asked => MuninFieldList.OfAsync(hosts, time, asked),
            };
            return await HostAsync(config, engine, policies, figures, terminal, time, ct);
        }
        finally
        {
            foreach (var host in hosts) await host.DisposeAsync();
        }
    }

    private static async Task<int> HostAsync(
        ServerConfig config, RunningEngine engine, PolicyDirectory policies, bool figures, Terminal terminal, TimeProvider time, CancellationToken ct)
    {
        var story = StoryWriter.InZone(terminal, () => engine.Loop.Zone, "HH:mm:ss.f");
        if (figures) engine.Loop.Looked += (facts, _) => story.WriteFigures(facts);
        // Empty: ulm.toml is all that configures this server. The other builders read appsettings.json of whatever folder it was started in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = LongestEnd);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        // A start that fails, or a part that ends, is told below; the host would tell it as well, with the stack.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel => ServerSocket.Listen(kestrel, config));
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(engine).AddSingleton(policies).AddSingleton<IPolicySource>(policies).AddSingleton(story).AddSingleton(terminal).AddSingleton(time).AddSingleton<PolicyReloader>();
        builder.Services.AddQuartz();
        builder.Services.AddQuartzHostedService(o => o.WaitForJobsToComplete = false);
        builder.Services.AddSingleton<EngineService>().AddHostedService(s => s.GetRequiredService<EngineService>());
        builder.Services.AddSingleton(config).AddSingleton((SqliteStateStore)engine.Store).AddHostedService<StorePruning>();
        builder.Services.AddSingleton<QuartzSchedules>().AddHostedService(s => s.GetRequiredService<QuartzSchedules>());
        await using var app = builder.Build();
        Endpoints.Map(app, engine);
        ManualEndpoints.Map(app, engine);
        ReloadEndpoint.Map(app, app.Services.GetRequiredService<PolicyReloader>());
        using var reload = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            policies.LookNow();
        });
        try
        {
            await app.StartAsync(ct);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"can't listen: {e.Message}");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new CommandFailedException($"can't start: {e.Message.ReplaceLineEndings(" ")}");
        }

        string? failure = null;
        try
        {
            ServerSocket.Restrict(config.Socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failure = $"can't keep others from the socket {config.Socket}: {e.Message}";
            app.Lifetime.StopApplication();
        }

        await app.WaitForShutdownAsync(ct);
        var running = app.Services.GetRequiredService<EngineService>();
        failure ??= running.Failure ?? Failure(running) ?? Failure(app.Services.GetRequiredService<QuartzSchedules>());
        return failure is null ? ExitCode.Clean : throw new CommandFailedException(failure);
    }

    /// <summary>Why a part of the server ended before it was told to; null: it did not.</summary>
    private static string? Failure(BackgroundService part) => part.ExecuteTask?.Exception?.InnerException switch
    {
        null => null,
        StoreUnavailableException or TimeoutException => part.ExecuteTask.Exception.InnerException.Message,
        // A bug: there is nothing to mend for the person who reads this, so all of it is shown.
        var e => $"the server stopped on an internal fault; please report it: {e}",
    };

    private static SqliteStateStore OpenStore(string path)
    {
        try
        {
            return SqliteStateStore.Open(path);
        }
        catch (StoreUnavailableException e)
        {
            throw new CommandFailedException(e.Message);
        }
    }
}
