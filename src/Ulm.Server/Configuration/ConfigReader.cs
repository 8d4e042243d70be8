using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Ulm.Engine.Actions;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Server.Commands;

namespace Ulm.Server.Configuration;

/// <summary>Reads <c>ulm.toml</c>.</summary>
public static class ConfigReader
{
    /// <exception cref="CommandFailedException">Unreadable, no TOML, or faulty: all faults in one message.</exception>
    public static ServerConfig Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"can't read the configuration {file}: {e.Message}");
        }

        var faults = new List<string>();
        ServerConfig config;
        try
        {
            var table = TomlSerializer.Deserialize<TomlTable>(Together(text)) ?? [];
            config = Config(new ConfigSection(table, "", faults), Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
        catch (TomlException e)
        {
            throw new CommandFailedException($"{file}: {e.Message}");
        }

        return faults.Count == 0 ? config : throw new CommandFailedException(
            $"{file} has {faults.Count} fault(s):\n  {string.Join("\n  ", faults)}");
    }

    /// <summary>
    /// The same text with the tables of one name one after another. TOML lets other tables stand between two of a [[host]], but Tomlyn (2.10) then
    /// forgets those before: hosts would be lost in silence.
    /// </summary>
    private static string Together(string text)
    {
        var document = SyntaxParser.ParseStrict(text);
        return string.Concat(document.KeyValues.Select(k => k.ToString())) + "\n" + string.Join('\n', document.Tables
            .GroupBy(t => t.Name?.Key?.ToString().Trim().Trim('"', '\''), StringComparer.Ordinal).SelectMany(t => t).Select(t => t.ToString()));
    }

    private static ServerConfig Config(ConfigSection root, string folder)
    {
        var (policies, store, server) = (root.Section("policies"), root.Section("store"), root.Section("server"));
        var config = new ServerConfig
        {
            PolicyDirectory = Path.Combine(folder, policies.Text("directory", "/etc/ulm/policies")),
            StorePath = Path.Combine(folder, store.Text("path", "/var/lib/ulm/ulm.db")),
            Socket = Path.Combine(folder, server.Text("socket", ServerConfig.DefaultSocket)),
            Listen = server.OptionalText("listen"),
            Loop = Loop(root),
            Hosts = [.. root.Sections("host").Select(h => HostSection.Read(h, folder))],
        };
        if (config.Hosts.Length == 0) root.Fault("host", "there is none: describe each host in a [[host]] table");
        foreach (var twice in config.Hosts.GroupBy(h => h.Name).Where(g => g.Count() > 1 && g.Key.Length > 0)) root.Fault("host", $"{twice.Key} stands {twice.Count()} times");
        if (config.Listen is { } listen && !(Uri.TryCreate(listen, UriKind.Absolute, out var url) && url.Scheme == "http"))
            server.Fault("listen", $"\"{listen}\" is no address such as http://127.0.0.1:8080");
        foreach (var section in new[] { policies, store, server, root }) section.RefuseOthers();
        return config;
    }

    private static LoopOptions Loop(ConfigSection root)
    {
        var (site, polling, limits) = (root.Section("site"), root.Section("polling"), root.Section("limits"));
        var interval = polling.Duration("interval", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        var executor = new ExecutorOptions();
        var loop = new LoopOptions
        {
            PollingInterval = interval,
            TimeZone = Zone(site),
            Limits = new PlacementLimits(
                limits.Number("cpu-percent", PlacementLimits.Default.CpuPercent, 1, 100),
                limits.Number("memory-percent", PlacementLimits.Default.MemoryPercent, 1, 100)),
            Executor = executor with
            {
                MigrationsPerHost = limits.Whole("migrations-per-host", executor.MigrationsPerHost, 1, 100),
                MigrationsInTotal = limits.Whole("migrations-in-total", executor.MigrationsInTotal, 1, 1000),
                MigrationTimeout = limits.Duration("migration-timeout", executor.MigrationTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)),
                IdleTime = limits.Duration("idle-time", executor.IdleTime, TimeSpan.Zero, TimeSpan.FromDays(1)),
                BootTimeout = limits.Duration("boot-timeout", executor.BootTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromHours(2)),
                LookAgain = interval,
            },
        };
        foreach (var section in new[] { site, polling, limits }) section.RefuseOthers();
        return loop;
    }

    private static TimeZoneInfo Zone(ConfigSection site)
    {
        if (site.OptionalText("timezone") is not { Length: > 0 } name) return TimeZoneInfo.Local;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        site.Fault("timezone", $"\"{name}\" is no time zone this machine knows; write one such as \"Europe/Copenhagen\"");
        return TimeZoneInfo.Utc;
    }
}
