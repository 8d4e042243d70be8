using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Text.RegularExpressions;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine.Loop;
using Ulm.Libvirt;

namespace Ulm.Server.Configuration;

/// <summary>
/// Reads what switches a host: its <c>[host.power]</c> laid over the defaults of <c>[power]</c>, in which <c>{host}</c> stands for the host's name.
/// </summary>
internal static partial class PowerSection
{
    private const string None = "none";

    private const int IpmiPort = 623;

    private const int DiscardPort = 9;

    private const int SshPort = 22;

    private static readonly string[] ForAll = ["shutdown-time", "after-shutdown", "ssh"];

    private static readonly string[] Password = ["password-file", "password-credential"];

    private static readonly string[] Wake = ["mac", "broadcast", "port", "interface"];

    /// <summary>The keys of each driver, beside those of all.</summary>
    private static readonly ImmutableSortedDictionary<string, string[]> Drivers = new Dictionary<string, string[]>
    {
        ["ipmi"] = ["address", "port", "interface", "user", "privilege", "cipher-suite", .. Password],
        ["redfish"] = ["address", "system", "user", "ca-file", "fingerprint", .. Password],
        ["wake-on-lan"] = Wake,
        ["fence"] = ["agent", "options", .. Password],
        ["libvirt-suspend"] = ["target", "wake-after", .. Wake],
        ["hook"] = ["command", "time-limit"],
        [None] = [],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableDictionary<string, DaysOfWeek> Days = new[]
    {
        DaysOfWeek.Monday, DaysOfWeek.Tuesday, DaysOfWeek.Wednesday, DaysOfWeek.Thursday, DaysOfWeek.Friday, DaysOfWeek.Saturday, DaysOfWeek.Sunday,
    }.SelectMany(d => new[] { (Name: d.ToString().ToLowerInvariant(), Day: d), (Name: d.ToString().ToLowerInvariant()[..3], Day: d) })
        .Concat([("weekdays", DaysOfWeek.Weekdays), ("weekends", DaysOfWeek.Weekends), ("daily", DaysOfWeek.Daily)]).ToImmutableDictionary(d => d.Item1, d => d.Item2, StringComparer.Ordinal);

    /// <summary>Makes the keys of <c>[power]</c> known, whichever hosts use them.</summary>
    public static ConfigSection Defaults(ConfigSection root)
    {
        var power = root.Section("power");
        foreach (var key in Drivers.SelectMany(d => d.Value).Concat(ForAll).Append("driver")) power.Known(key);
        return power;
    }

    /// <returns>Null: no drills are held.</returns>
    public static WakeDrill? Drill(ConfigSection power)
    {
        foreach (var key in new[] { "drill", "drill-after" }) power.Known(key);
        if (power.OptionalText("drill") is not { Length: > 0 } text)
        {
            if (power.Has("drill-after") && !power.Has("drill")) power.Fault("drill-after", "goes with drill, which says when");
            return null;
        }

        var offFor = power.Duration("drill-after", TimeSpan.FromDays(14), TimeSpan.FromHours(1), TimeSpan.FromDays(365));
        var words = text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var days = words[..^1].Select(w => Days.GetValueOrDefault(w.ToLowerInvariant())).ToList();
        if (days.Count > 0 && days.All(d => d != DaysOfWeek.None) && TimeOnly.TryParseExact(words[^1], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return new WakeDrill(new Trigger.At([time], days.Aggregate((a, b) => a | b)), offFor);
        power.Fault("drill", $"\"{text}\" is no time such as \"sun 04:00\", \"mon, thu 03:30\" or \"daily 02:00\"");
        return null;
    }

    /// <returns>Null: nothing switches this host.</returns>
    public static PowerConfig? Read(ConfigSection host, string name, ConfigSection defaults, string folder)
    {
        if (host.Has("bmc")) host.Fault("bmc", "is called [host.power] now, and its kind driver");
        host.Known("bmc");
        var own = host.Section("power");
        var driver = own.OptionalText("driver") ?? defaults.OptionalText("driver");
        if (driver is null)
        {
            if (host.Has("power")) own.Fault("driver", $"is missing; known are {string.Join(", ", Drivers.Keys)}");
            return null;
        }

        if (!Drivers.TryGetValue(driver, out var keys))
        {
            if (driver.Length > 0) (own.Has("driver") ? own : defaults).Fault("driver", $"\"{driver}\" is not known; {(NearestWord.Find(driver, Drivers.Keys) is { } nearest ? $"did you mean \"{nearest}\"?" : $"known are {string.Join(", ", Drivers.Keys)}")}");
            return null;
        }

        // Of defaults for another way of switching only what is common to all of them counts here.
        var same = defaults.OptionalText("driver") is not { } usual || usual == driver;
        var power = host.Has("power") ? own.Over(defaults, same ? [.. keys, .. ForAll] : ForAll) : defaults;
        var read = new Reader(power, name, folder);
        PowerConfig? config = driver switch
        {
            "ipmi" => read.Ipmi(),
            "redfish" => read.Redfish(),
            "wake-on-lan" => read.WakeOnLan(),
            "fence" => read.Fence(),
            "libvirt-suspend" => read.NodeSuspend(),
            "hook" => read.Hook(),
            _ => null,
        };
        power.Known("driver");
        if (own.Has("password"))
        {
            power.Fault("password", "would be a secret in this file; name the file it is in by password-file");
            power.Known("password");
        }

        if (driver == None) foreach (var key in ForAll) power.Known(key);
        config = config is null ? null : read.Common(config);
        if (host.Has("power")) power.RefuseOthers();
        return config;
    }

    private sealed class Reader(ConfigSection power, string host, string folder)
    {
        public PowerConfig Common(PowerConfig config)
        {
            var after = power.Text("after-shutdown", "cut");
            if (after is not ("cut" or "tell" or "")) power.Fault("after-shutdown", $"\"{after}\" is not known; \"cut\" cuts the power of a host that did not shut down in time, \"tell\" leaves it on and tells people");
            return config with
            {
                ShutdownTime = power.Duration("shutdown-time", config.ShutdownTime, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)),
                CutsPower = after != "tell",
                Ssh = power.Has("ssh") || config is PowerConfig.WakeOnLan ? Ssh(power.Section("ssh")) : Nothing("ssh"),
            };
        }

        public PowerConfig Ipmi()
        {
            var wire = power.Text("interface", "lanplus");
            if (wire is not ("lan" or "lanplus" or "")) power.Fault("interface", $"\"{wire}\" is not known; known are \"lanplus\" and \"lan\"");
            var privilege = power.Text("privilege", "administrator");
            if (privilege is not ("administrator" or "operator" or "")) power.Fault("privilege", $"\"{privilege}\" is not known; known are \"administrator\" and \"operator\"");
            if (wire == "lan" && power.Has("cipher-suite")) power.Fault("cipher-suite", "is of interface = \"lanplus\": \"lan\" has none");
            return new PowerConfig.Ipmi(Place("address"), power.Whole("port", IpmiPort, 1, 65535), wire, Text("user"), privilege, Secret() ?? new SecretSource.InFile(""))
            {
                // Suite 0 takes any password.
                CipherSuite = power.Has("cipher-suite") ? power.Whole("cipher-suite", 0, 1, 17) : null,
            };
        }

        public PowerConfig Redfish()
        {
            var address = Text("address");
            if (address.Length > 0 && !address.Contains("://", StringComparison.Ordinal)) address = $"https://{address}";
            if (!(Uri.TryCreate(address, UriKind.Absolute, out var url) && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)) && url.AbsolutePath == "/" && url.UserInfo.Length == 0))
            {
                if (address.Length > 0) power.Fault("address", $"\"{address}\" is no address such as \"https://10.9.0.1\"; the password is sent there, so it has to be https");
                url = new Uri("https://localhost");
            }

            var system = Optional("system");
            if (system is { Length: > 0 } && !system.StartsWith("/redfish/", StringComparison.Ordinal)) power.Fault("system", $"\"{system}\" is no path such as \"/redfish/v1/Systems/1\"");
            return new PowerConfig.Redfish(url, system, Text("user"), Secret() ?? new SecretSource.InFile(""), Trust());
        }

        public PowerConfig WakeOnLan() => new PowerConfig.WakeOnLan(Waking(Text("mac")));

        public PowerConfig Fence()
        {
            var agent = Text("agent");
            if (agent.Length > 0 && !agent.StartsWith('/') && !AgentName().IsMatch(agent)) power.Fault("agent", $"\"{agent}\" is no fence agent such as \"fence_apc\"");
            var options = power.Table("options").ToImmutableSortedDictionary(o => o.Key, o => o.Value.Replace("{host}", host, StringComparison.Ordinal), StringComparer.Ordinal);
            foreach (var (key, value) in options)
            {
                if (!OptionName().IsMatch(key) || value.Any(char.IsControl)) power.Fault("options", $"{key} can't be told to an agent: it takes lines of key=value");
                if (key is "action" or "option") power.Fault("options", $"{key} is the server's to say");
                if (key.Contains("passw", StringComparison.Ordinal) && !key.EndsWith("_script", StringComparison.Ordinal)) power.Fault("options", $"{key} would be a secret in this file; name the file it is in by password-file");
            }

            return new PowerConfig.Fence(agent, options, Secret(required: false));
        }

        public PowerConfig NodeSuspend()
        {
            var target = power.Text("target", "memory");
            if (!Enum.TryParse<NodeSuspendTarget>(target, ignoreCase: true, out var where) || !target.All(char.IsAsciiLetterLower)) power.Fault("target", $"\"{target}\" is none of memory, disk, hybrid");
            var longest = power.Duration("wake-after", TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
            WakeConfig? wake = null;
            if (Optional("mac") is { } mac) wake = Waking(mac);
            else foreach (var key in Wake) power.Known(key);
            return new PowerConfig.NodeSuspend(where, longest, wake);
        }

        public PowerConfig Hook()
        {
            var command = power.Texts("command").Select(Filled).ToImmutableArray();
            if (command.Length == 0 || !command[0].StartsWith('/')) power.Fault("command", "must be a list of program and arguments, the program by its absolute path");
            return new PowerConfig.Hook(command, power.Duration("time-limit", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)));
        }

        private SshConfig Ssh(ConfigSection ssh)
        {
            var config = new SshConfig(
                Filled(ssh.Text("address", host)), ssh.Whole("port", SshPort, 1, 65535), ssh.Text("user", "root"),
                Path.Combine(folder, Filled(ssh.Text("key"))), Path.Combine(folder, Filled(ssh.Text("known-hosts"))), ssh.Text("command", "systemctl poweroff"));
            // Either would be taken for an option of ssh.
            if (config.Address.StartsWith('-')) ssh.Fault("address", $"\"{config.Address}\" is no host name");
            if (config.User.StartsWith('-') || config.User.Contains('@')) ssh.Fault("user", $"\"{config.User}\" is no user name");
            ssh.RefuseOthers();
            return config;
        }

        private WakeConfig Waking(string mac)
        {
            var read = Mac().IsMatch(mac) ? PhysicalAddress.Parse(mac.ToUpperInvariant().Replace(':', '-')) : null;
            if (read is null && mac.Length > 0) power.Fault("mac", $"\"{mac}\" is no address of a network card such as \"52:54:00:12:34:56\"");
            var broadcast = power.Text("broadcast", "255.255.255.255");
            if (!IPAddress.TryParse(broadcast, out var to) && broadcast.Length > 0) power.Fault("broadcast", $"\"{broadcast}\" is no IP address such as \"10.0.0.255\"");
            var card = power.OptionalText("interface");
            if (card is { Length: > 15 }) power.Fault("interface", $"\"{card}\" is no network interface such as \"eth0\"");
            return new WakeConfig(read ?? PhysicalAddress.None, to ?? IPAddress.Broadcast, power.Whole("port", DiscardPort, 1, 65535), card);
        }

        private SecretSource? Secret(bool required = true)
        {
            var (file, credential) = (Optional("password-file"), Optional("password-credential"));
            if (file is not null && credential is not null) power.Fault("password-credential", "a password is in a file or a credential, not both");
            if (credential is { Length: > 0 } && credential.Contains('/')) power.Fault("password-credential", $"\"{credential}\" is no name of a credential");
            if (file is not null) return new SecretSource.InFile(Path.Combine(folder, file));
            if (credential is not null) return new SecretSource.Credential(credential);
            if (required) power.Fault("password-file", "is missing; or name a systemd credential by password-credential");
            return null;
        }

        private RedfishTrust? Trust()
        {
            var (file, pinned) = (Optional("ca-file"), power.OptionalText("fingerprint"));
            if (file is not null && pinned is not null) power.Fault("fingerprint", "a BMC is known by ca-file or by fingerprint, not both");
            if (file is not null) return new RedfishTrust.Authority(Path.Combine(folder, file));
            if (pinned is null) return null;
            var digits = pinned.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
            if (!Fingerprint().IsMatch(digits)) power.Fault("fingerprint", "must be the SHA-256 of the BMC's certificate, 64 hexadecimal digits, as `openssl x509 -noout -fingerprint -sha256` shows it");
            return new RedfishTrust.Pinned(digits);
        }

        private string Place(string key)
        {
            var place = Text(key);
            if (place.StartsWith('-')) power.Fault(key, $"\"{place}\" is no host name or address");
            return place;
        }

        private string Text(string key) => Filled(power.Text(key));

        private string? Optional(string key) => power.OptionalText(key) is { } text ? Filled(text) : null;

        private SshConfig? Nothing(string key)
        {
            power.Known(key);
            return null;
        }

        private string Filled(string text) => text.Replace("{host}", host, StringComparison.Ordinal);
    }

    [GeneratedRegex("^fence_[a-z0-9_]+$")]
    private static partial Regex AgentName();

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex OptionName();

    [GeneratedRegex("^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$")]
    private static partial Regex Mac();

    [GeneratedRegex("^[0-9A-F]{64}$")]
    private static partial Regex Fingerprint();
}
