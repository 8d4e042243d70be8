using Ulm.Engine.Planning;
using Ulm.Server.Commands;
using Ulm.Server.Configuration;

namespace Ulm.Server.Tests.Configuration;

public sealed class ConfigReaderTests : IDisposable
{
    private const string Host =
        """
        [[host]]
        name = "h1"
        libvirt = "qemu+tcp://10.0.0.11/system"
        munin = "10.0.0.11"
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_said_has_its_documented_default()
    {
        var config = Read(Host);
        Assert.Equal("/etc/ulm/policies", config.PolicyDirectory);
        Assert.Equal("/var/lib/ulm/ulm.db", config.StorePath);
        Assert.Equal("/run/ulm/ulm.sock", config.Socket);
        Assert.Equal(TimeSpan.FromSeconds(60), config.Loop.PollingInterval);
        Assert.Equal((80, 95), (config.Loop.Limits.CpuPercent, config.Loop.Limits.MemoryPercent));
        var host = Assert.Single(config.Hosts);
        Assert.Equal(("default", "10.0.0.11", 4949, "qemu+tcp://10.0.0.11/system"), (host.Cluster, host.MuninHost, host.MuninPort, host.MigrationUri));
        Assert.Null(host.Power);
    }

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var config = Read(
            """
            [site]
            timezone = "Europe/Copenhagen"
            [policies]
            directory = "rules"
            [polling]
            interval = "10s"
            [store]
            path = "state/ulm.db"
            [server]
            socket = "/tmp/u.sock"
            listen = "http://127.0.0.1:8080"
            [limits]
            cpu-percent = 70
            memory-percent = 90.5
            migrations-per-host = 1
            migrations-per-cluster = 3
            migrations-in-total = 4
            idle-time = "30s"
            boot-timeout = "5m"
            [migration]
            time-limit = "1h"
            post-copy = true
            local-storage = ["/var/lib/libvirt/images"]
            [migration.gentle]
            bandwidth = 50
            stall-limit = "30s"
            [[host]]
            name = "h1"
            cluster = "web"
            libvirt = "qemu+tls://h1/system"
            migration-uri = "qemu+tls://10.1.0.1/system"
            munin = "h1:5000"
            cpus = 8
            cpu-mips = 2400.5
            net-mbps = 10000
            tags = ["ssd", "rack-1"]
            watts = [86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117]
            off-watts = 5
            boot-time = "90s"
            [host.power]
            driver = "ipmi"
            address = "10.9.0.1"
            port = 6230
            interface = "lan"
            user = "admin"
            password-file = "secret"
            """);
        Assert.Equal(_folder.File("rules"), config.PolicyDirectory);
        Assert.Equal(_folder.File("state/ulm.db"), config.StorePath);
        Assert.Equal("http://127.0.0.1:8080", config.Listen);
        Assert.Equal("Europe/Copenhagen", config.Loop.TimeZone.Id);
        Assert.Equal((1, 3, 4), (config.Loop.Executor.MigrationsPerHost, config.Loop.Executor.MigrationsPerCluster, config.Loop.Executor.MigrationsInTotal));
        Assert.Equal(MigrationManners.Default.Within(TimeSpan.FromHours(1)) with { Gentle = new(MigrationManners.GentleName) { BandwidthMiBps = 50, StallLimit = TimeSpan.FromSeconds(30), TimeLimit = TimeSpan.FromHours(1) } }, config.Loop.Executor.Manners);
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)), (config.Loop.Executor.IdleTime, config.Loop.Executor.BootTimeout));
        Assert.Equal(["/var/lib/libvirt/images"], config.LocalStorage);
        var host = config.Hosts[0];
        Assert.True(host.AllowsPostCopy);
        Assert.Equal(("web", "h1", 5000, 8, 2400.5), (host.Cluster, host.MuninHost, host.MuninPort, host.Cpus, host.CpuMips));
        Assert.Equal(10_000, host.NetMbps);
        Assert.Equal(["rack-1", "ssd"], host.Tags.Order());
        Assert.Equal((11, 117.0, 5.0, TimeSpan.FromSeconds(90)), (host.Watts.Length, host.Watts[10], host.OffWatts, host.BootTime));
        Assert.Equal(new PowerConfig.Ipmi("10.9.0.1", 6230, "lan", "admin", "administrator", new SecretSource.InFile(_folder.File("secret"))), host.Power);
    }

    [Theory]
    [InlineData("[polling]\ninterval = \"soon\"", "polling.interval: must be a duration")]
    [InlineData("[polling]\ninterval = 10", "polling.interval: must be a duration")]
    [InlineData("[polling]\ninterval = \"1ms\"", "polling.interval: must be a duration")]
    [InlineData("[polling]\nintervall = \"10s\"", "polling.intervall: is not known; did you mean interval?")]
    [InlineData("[pollling]\ninterval = \"10s\"", "pollling: is not known; did you mean polling?")]
    [InlineData("[limits]\ncpu-percent = 180", "limits.cpu-percent: must be a number from 1 to 100")]
    [InlineData("[limits]\ncpu-percent = nan", "limits.cpu-percent: must be a number from 1 to 100")]
    [InlineData("[limits]\nmigrations-per-host = 0", "limits.migrations-per-host: must be a whole number from 1 to 100")]
    [InlineData("[site]\ntimezone = \"Europe/Kopenhagen\"", "\"Europe/Kopenhagen\" is no time zone")]
    [InlineData("[server]\nlisten = \"8080\"", "\"8080\" is no address such as http://127.0.0.1:8080")]
    [InlineData("[server]\nlisten = \"http://0.0.0.0:8080\"", "\"http://0.0.0.0:8080\" is no loopback address")]
    [InlineData("[server]\nlisten = \"http://ulm.example:8080\"", "is no loopback address")]
    [InlineData("[server]\nsocket = \"/run/a\\u0000b\"", "server.socket: must not contain a NUL")]
    [InlineData("[migration]\npost-copy = \"yes\"", "migration.post-copy: must be true or false")]
    [InlineData("[migration]\nlocal-storage = [\"images\"]", "migration.local-storage: \"images\" is no folder of a host")]
    [InlineData("[migration.gentle]\nbandwith = 50", "migration.gentle.bandwith: is not known; did you mean bandwidth?")]
    [InlineData("[migration.normal]\npost-copy-after = \"1m\"", "migration.normal.post-copy-after: is not known")]
    [InlineData("[migration.urgnt]\nbandwidth = 50", "migration.urgnt: is not known; did you mean urgent?")]
    [InlineData("[planner]\nsolver = \"gurobi\"", "planner.solver: \"gurobi\" is none of search, cp-sat")]
    [InlineData("[planner]\nsolver-seconds = 0", "planner.solver-seconds: must be a number from 0.1 to 600")]
    [InlineData("policies = 3", "policies: must be a table")]
    public void A_faulty_setting_is_named_with_what_it_must_be(string text, string expected) =>
        Assert.Contains(expected, Refused($"{text}\n{Host}"));

    [Theory]
    [InlineData("", "host: there is none")]
    [InlineData("[[host]]\nname = \"h1\"", "host[1].libvirt: is missing")]
    [InlineData("[host]\nname = \"h1\"", "host: must be written as [[host]]")]
    [InlineData(Host + "\n" + Host, "h1 stands 2 times")]
    [InlineData(Host + "\nwatts = [1, 2]", "host[1].watts: must be 11 figures")]
    [InlineData(Host + "\n[host.power]\ndriver = \"ilo\"", "host[1].power.driver: \"ilo\" is not known; known are fence, hook, ipmi, libvirt-suspend, none, redfish, wake-on-lan")]
    [InlineData(Host + "\n[host.power]\ndriver = \"ipmi\"\nuser = \"x\"", "host[1].power.password-file: is missing")]
    [InlineData("[[host]]\nname = \"h1\"\nlibvirt = \"a\"\nmunin = \"fd00::11\"", "host[1].munin: \"fd00::11\" is ambiguous")]
    public void A_faulty_host_is_named_by_its_place(string text, string expected) => Assert.Contains(expected, Refused(text));

    [Theory]
    [InlineData("a", "a", null, null, 1, 1, "h1 and h2 have the same libvirt, a")]
    [InlineData("a", "b", "c", "c", 1, 1, "h1 and h2 have the same migration-uri, c")]
    [InlineData("a", "b", null, "a", 1, 1, "h2 has the migration-uri a, where h1 is")]
    [InlineData("a", "b", null, null, 7, 7, "h1 and h2 have the same power, 10.9.0.7:623")]
    public void What_two_hosts_can_not_share_is_refused(string libvirt1, string libvirt2, string? migration1, string? migration2, int bmc1, int bmc2, string expected)
    {
        var message = Refused(Host("h1", libvirt1, migration1, bmc1) + Host("h2", libvirt2, migration2, bmc2 == 1 ? 2 : bmc2));
        Assert.Contains(expected, message);
        Assert.Contains("1 fault(s)", message);

        static string Host(string name, string libvirt, string? migration, int bmc) =>
            $"[[host]]\nname = \"{name}\"\nlibvirt = \"{libvirt}\"\nmunin = \"{name}\"\n{(migration is null ? "" : $"migration-uri = \"{migration}\"\n")}" +
            $"[host.power]\ndriver = \"ipmi\"\naddress = \"10.9.0.{bmc}\"\nuser = \"u\"\npassword-file = \"p\"\n";
    }

    /// <summary>Its native code takes 70 MB: who does not ask for it does not load it, and who does loads it with the first task.</summary>
    [Fact]
    public void The_plain_search_is_the_default_and_a_solver_can_be_chosen()
    {
        Assert.Null(Read(Host).Loop.Solver);
        Assert.Null(Read($"[planner]\nsolver = \"search\"\n{Host}").Loop.Solver);
        Assert.Equal(25, Read($"[planner]\nsolver = \"cp-sat\"\nsolver-seconds = 25\n{Host}").Loop.Solver!.Seconds);
    }

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://[::1]:8080")]
    public void Any_loopback_address_may_be_listened_on(string address) => Assert.Equal(address, Read($"[server]\nlisten = \"{address}\"\n{Host}").Listen);

    [Fact]
    public void A_socket_path_may_be_as_long_as_the_system_takes()
    {
        Read($"[server]\nsocket = \"/{new string('a', 106)}\"\n{Host}");
        Assert.Contains("107 bytes", Refused($"[server]\nsocket = \"/{new string('a', 107)}\"\n{Host}"));
    }

    [Fact]
    public void What_is_no_file_of_that_kind_is_refused_without_waiting_for_it()
    {
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", _folder.File("pipe"))) mkfifo.WaitForExit();
        Assert.Contains("no regular file", Assert.Throws<CommandFailedException>(() => ConfigReader.Read(_folder.File("pipe"))).Message);
        Assert.Contains("it is a directory", Assert.Throws<CommandFailedException>(() => ConfigReader.Read(_folder.Path)).Message);
        Assert.Contains("more than 1 MiB", Refused(new string('#', (1 << 20) + 1)));
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var message = Refused("[polling]\ninterval = 1\n[limits]\ncpu-percent = 0\n[[host]]\nnam = \"h1\"");
        Assert.Contains("polling.interval", message);
        Assert.Contains("limits.cpu-percent", message);
        Assert.Contains("host[1].name: is missing", message);
        Assert.Contains("host[1].nam: is not known; did you mean name?", message);
    }

    /// <summary>Where Tomlyn's table of values has no places, its syntax tree does.</summary>
    [Theory]
    [InlineData("[polling]\n\ninterval = 1", "ulm.toml:3:1: polling.interval: must be")]
    [InlineData("polling = { interval = 1 }", "ulm.toml:1:13: polling.interval: must be")]
    [InlineData("polling.interval = 1", "ulm.toml:1:1: polling.interval: must be")]
    [InlineData("# \u00e6\n[migration]\n[migration.gentle]\n  bandwith = 50", "ulm.toml:4:3: migration.gentle.bandwith: is not known")]
    [InlineData("[[host]]\nname = \"h0\"\n[site]\n", "ulm.toml:1:1: host[1].libvirt: is missing")]
    [InlineData("[power]\ndriver = \"ilo\"", "ulm.toml:2:1: power.driver: \"ilo\" is not known")]
    [InlineData("[power]\ndriver = \"ipmi\"\nuser = 5\n[[host]]\nname = \"h0\"\nlibvirt = \"a\"\nmunin = \"a\"\n[host.power]\naddress = \"b\"\n", "ulm.toml:3:1: power.user: must be a text")]
    [InlineData("[[host]]\nname = \"h0\"\nlibvirt = \"a\"\nmunin = \"a\"\n[host.power]\ndriver = \"ilo\"\n", "ulm.toml:6:1: host[1].power.driver: \"ilo\" is not known")]
    public void A_fault_has_its_line_and_column(string text, string expected) => Assert.Contains(expected, Refused($"{text}\n{Host}"));

    [Fact]
    public void Faults_stand_in_the_order_of_the_text()
    {
        var lines = Refused($"mode = 1\n[server]\nmode = 2\n[polling]\ninterval = 3\n{Host}\nwatts = 4\n").Split('\n');
        Assert.Equal([1, 3, 5, 10], lines.Skip(1).Select(l => int.Parse(l.Split("ulm.toml:")[1].Split(':')[0])));
    }

    [Theory]
    [InlineData("mode = \"observe\"", "mode: is not known here; it belongs in [server], below that line")]
    [InlineData("[server]\ntimezone = \"UTC\"", "server.timezone: is not known here; it belongs in [site], below that line")]
    [InlineData("libvirt = \"a\"", "libvirt: is not known here; it belongs in [[host]], below that line")]
    public void A_key_that_belongs_elsewhere_says_where(string text, string expected) => Assert.Contains(expected, Refused($"{text}\n{Host}"));

    [Theory]
    [InlineData("[[host]\n")]
    [InlineData("a = \"")]
    [InlineData("\0\0\0")]
    public void What_is_no_TOML_is_refused_with_its_place(string text) => Assert.Contains("ulm.toml", Refused(text));

    [Fact]
    public void A_file_that_is_not_there_is_one_line()
    {
        var e = Assert.Throws<CommandFailedException>(() => ConfigReader.Read(_folder.File("none.toml")));
        Assert.Equal(ExitCode.CouldNotRun, e.ExitCode);
        Assert.Contains("can't read the configuration", e.Message);
    }

    [Theory]
    [InlineData("90s", 90.0)]
    [InlineData("1h30m", 5400.0)]
    [InlineData("2d", 172800.0)]
    [InlineData("", null)]
    [InlineData("10", null)]
    [InlineData("10 m", null)]
    [InlineData("-5m", null)]
    [InlineData("999999999d", null)]
    public void Durations_are_written_as_in_policies(string text, double? seconds) =>
        Assert.Equal(seconds, DurationText.Parse(text)?.TotalSeconds);

    private ServerConfig Read(string text) => ConfigReader.Read(_folder.Write("ulm.toml", text));

    private string Refused(string text) => Assert.Throws<CommandFailedException>(() => Read(text)).Message;
}
