using System.Net;
using System.Text;
using System.Text.Unicode;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Ulm.Dsl.Policies;
using Ulm.CpSat;
using Ulm.Engine.Actions;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Server.Commands;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Configuration;

/// <summary>Reads <c>ulm.toml</c>.</summary>
public static class ConfigReader
{
    private const long LargestFile = 1 << 20;

    /// <summary>The system keeps 108 bytes for it, with the NUL at its end.</summary>
    private const int LongestSocketPath = 107;

    /// <exception cref="CommandFailedException">Unreadable, no TOML, or faulty: all faults in one message.</exception>
    public static ServerConfig Read(string file)
    {
        var text = Text(file);
        var faults = new ConfigFaults();
        ServerConfig config;
        try
        {
            var table = TomlSerializer.Deserialize<TomlTable>(Together(text)) ?? [];
            config = Config(new ConfigSection(table, "", faults), Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
        catch (TomlException e)
        {
            var places = e.Diagnostics.Select(d => $"{file}:{d.Span.Start.Line + 1}:{d.Span.Start.Column + 1}: {d.Message.TrimEnd()}").ToList();
            throw new CommandFailedException($"the configuration is no TOML:\n  {(places.Count == 0 ? $"{file}: {e.Message}" : string.Join("\n  ", places))}");
        }

        return faults.In(file, text) is { Count: > 0 } told ? throw new CommandFailedException($"{file} has {told.Count} fault(s):\n  {string.Join("\n  ", told)}") : config;
    }

    private static string Text(string file)
    {
        var faults = new FileFaults(file);
        if (FileKinds.Of(file) is FileKind.Other or FileKind.Socket) faults.Add("it is no regular file");
        using var stream = faults.Any ? null : DataFile.Open(file, faults);
        var bytes = stream is null ? null : DataFile.ReadAll(stream, LargestFile, faults);
        if (bytes is not null && !Utf8.IsValid(bytes)) faults.Add("it is not UTF-8 text");
        return faults.Any ? throw new CommandFailedException($"can't read the configuration {file}: {faults.Found[0].Message}") : Encoding.UTF8.GetString(bytes!).TrimStart('\uFEFF');
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
        var (power, migration) = (PowerSection.Defaults(root), root.Section("migration"));
        var (channels, defaultChannel) = OutsideSection.Channels(root);
        var config = new ServerConfig
        {
            Hooks = OutsideSection.Hooks(root),
            Channels = channels,
            DefaultChannel = defaultChannel,
            PolicyDirectory = Path.Combine(folder, policies.Text("directory", "/etc/ulm/policies")),
            StorePath = Path.Combine(folder, store.Text("path", ServerConfig.DefaultStore)),
            JournalKept = store.Duration("journal", TimeSpan.FromDays(730), TimeSpan.FromDays(32), TimeSpan.FromDays(36_500)),
            Socket = Path.Combine(folder, server.Text("socket", ServerConfig.DefaultSocket)),
            Listen = server.OptionalText("listen"),
            LocalStorage = MigrationSection.LocalStorage(migration),
            Loop = Loop(root, server, MigrationSection.Read(migration)) with { Drill = PowerSection.Drill(power) },
            Hosts = [.. root.Sections("host").Select(h => HostSection.Read(h, power, migration.Flag("post-copy", false), folder))],
        };
        if (config.Hosts.Length == 0) root.Fault("host", "there is none: describe each host in a [[host]] table");
        foreach (var twice in config.Hosts.GroupBy(h => h.Name).Where(g => g.Count() > 1 && g.Key.Length > 0)) root.Fault("host", $"{twice.Key} stands {twice.Count()} times");
        RefuseShared(root, config.Hosts);
        if (config.Listen is { Length: > 0 } listen && Listen(listen) is { } fault) server.Fault("listen", fault);
        if (Encoding.UTF8.GetByteCount(config.Socket) > LongestSocketPath) server.Fault("socket", $"{config.Socket} has more than the {LongestSocketPath} bytes a socket's path may have");
        foreach (var section in new[] { policies, store, server, power, migration, root }) section.RefuseOthers();
        return config;
    }

    /// <summary>What two hosts can't have in common: a BMC's address copied from another host's table powers off that other host.</summary>
    private static void RefuseShared(ConfigSection root, IReadOnlyList<HostConfig> hosts)
    {
        Refuse("libvirt", h => h.LibvirtUri);
        Refuse("migration-uri", h => h.MigrationUri == h.LibvirtUri ? null : h.MigrationUri);
        foreach (var host in hosts.Where(h => h.MigrationUri != h.LibvirtUri))
        {
            if (hosts.FirstOrDefault(h => h != host && Same(h.LibvirtUri, host.MigrationUri)) is { } other && Same(other.MigrationUri, other.LibvirtUri))
                root.Fault("host", $"{host.Name} has the migration-uri {host.MigrationUri}, where {other.Name} is");
        }

        // What belongs to one kind of driver says nothing of another: two fence agents may well share a power strip.
        Refuse("power", h => h.Power?.Identity is { } identity ? $"{h.Power.GetType().Name} {identity}" : null, h => h.Power!.Identity!);

        void Refuse(string key, Func<HostConfig, string?> of, Func<HostConfig, string>? shown = null)
        {
            foreach (var shared in hosts.Where(h => of(h) is { Length: > 0 }).GroupBy(h => of(h)!, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
                root.Fault("host", $"{string.Join(" and ", shared.Select(h => h.Name))} have the same {key}, {shown?.Invoke(shared.First()) ?? shared.Key}");
        }

        static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>There is no authentication: whoever reaches the address reads everything.</summary>
    private static string? Listen(string address)
    {
        if (!(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme == "http")) return $"\"{address}\" is no address such as http://127.0.0.1:8080";
        return url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)) ? null
            : $"\"{address}\" is no loopback address such as http://127.0.0.1:8080; there is no authentication, so nobody else may reach it";
    }

    private static LoopOptions Loop(ConfigSection root, ConfigSection server, MigrationManners manners)
    {
        var (site, polling, limits, planner) = (root.Section("site"), root.Section("polling"), root.Section("limits"), root.Section("planner"));
        var interval = polling.Duration("interval", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        var executor = new ExecutorOptions();
        var loop = new LoopOptions
        {
            PollingInterval = interval,
            Mode = Mode(server),
            KeepTicks = true,
            ApprovalTime = server.Duration("approval-time", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
            TimeZone = Zone(site),
            Limits = new PlacementLimits(
                limits.Number("cpu-percent", PlacementLimits.Default.CpuPercent, 1, 100),
                limits.Number("memory-percent", PlacementLimits.Default.MemoryPercent, 1, 100)),
            Solver = Solver(planner),
            Executor = executor with
            {
                MigrationsPerHost = limits.Has("migrations-per-host") ? limits.Whole("migrations-per-host", 1, 1, 100) : null,
                MigrationsPerCluster = limits.Has("migrations-per-cluster") ? limits.Whole("migrations-per-cluster", 1, 1, 1000) : null,
                MigrationsInTotal = limits.Has("migrations-in-total") ? limits.Whole("migrations-in-total", 1, 1, 1000) : null,
                Manners = manners,
                IdleTime = limits.Duration("idle-time", executor.IdleTime, TimeSpan.Zero, TimeSpan.FromDays(1)),
                BootTimeout = limits.Duration("boot-timeout", executor.BootTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromHours(2)),
                LookAgain = interval,
            },
        };
        foreach (var section in new[] { site, polling, limits, planner }) section.RefuseOthers();
        return loop;
    }

    private static CpSatPacking? Solver(ConfigSection planner)
    {
        var solver = planner.Text("solver", "search");
        var seconds = planner.Number("solver-seconds", 10, 0.1, 600);
        if (solver is not ("search" or "cp-sat" or "")) planner.Fault("solver", $"\"{solver}\" is none of search, cp-sat");
        return solver == "cp-sat" ? new CpSatPacking(seconds) : null;
    }

    private static RuleMode Mode(ConfigSection server)
    {
        var text = server.Text("mode", "enforce");
        if (text.Length == 0 || !text.All(char.IsAsciiLetterLower) || !Enum.TryParse<RuleMode>(text, ignoreCase: true, out var mode))
        {
            if (text.Length > 0) server.Fault("mode", $"\"{text}\" is none of observe, recommend, enforce");
            return RuleMode.Observe;
        }

        return mode;
    }

    private static TimeZoneInfo Zone(ConfigSection site)
    {
        if (site.OptionalText("timezone") is not { Length: > 0 } name) return TimeZoneInfo.Local;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        site.Fault("timezone", $"\"{name}\" is no time zone this machine knows; write one such as \"Europe/Copenhagen\"");
        return TimeZoneInfo.Utc;
    }
}
