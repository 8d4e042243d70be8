using Ulm.Dsl.Policies;
using Ulm.Server.Commands;
using Ulm.Server.Configuration;

namespace Ulm.Server.Tests.Configuration;

public sealed class PowerSectionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Defaults_are_filled_in_for_each_host()
    {
        var hosts = Read(
            """
            [power]
            driver = "ipmi"
            address = "{host}-bmc.example.org"
            user = "ulm"
            password-file = "bmc/{host}"
            shutdown-time = "5m"
            after-shutdown = "tell"
            """,
            "", "[host.power]\naddress = \"10.9.0.2\"\n", "[host.power]\ndriver = \"hook\"\ncommand = [\"/usr/local/lib/ulm/switch\", \"{host}\"]\n", "[host.power]\ndriver = \"none\"\n");

        var common = (TimeSpan.FromMinutes(5), false);
        Assert.Equal(Ipmi("h1-bmc.example.org", "bmc/h1"), hosts[0]);
        Assert.Equal(Ipmi("10.9.0.2", "bmc/h2"), hosts[1]);
        var hook = Assert.IsType<PowerConfig.Hook>(hosts[2]);
        Assert.Equal(["/usr/local/lib/ulm/switch", "h3"], hook.Command);
        Assert.Equal(common, (hook.ShutdownTime, hook.CutsPower));
        Assert.Null(hosts[3]);

        PowerConfig Ipmi(string address, string file) =>
            new PowerConfig.Ipmi(address, 623, "lanplus", "ulm", "administrator", new SecretSource.InFile(_folder.File(file))) { ShutdownTime = common.Item1, CutsPower = false };
    }

    /// <summary>A host that shuts down for half an hour may go off at the end of it.</summary>
    [Theory]
    [InlineData("2m", 10)]
    [InlineData("30m", 60)]
    public void Hosts_that_were_told_to_go_are_kept_closed_for_longer_than_a_shutdown_may_take(string shutdown, int minutes)
    {
        var file = _folder.Write("long.toml", $"[power]\ndriver = \"hook\"\ncommand = [\"/bin/true\"]\nshutdown-time = \"{shutdown}\"\n[[host]]\nname = \"h1\"\nlibvirt = \"test:///default\"\nmunin = \"h1:4949\"\n");

        Assert.Equal(TimeSpan.FromMinutes(minutes), ConfigReader.Read(file).MayGoOffFor);
    }

    [Theory]
    [InlineData("driver = \"impi\"", "host[1].power.driver: \"impi\" is not known; did you mean \"ipmi\"?")]
    [InlineData("driver = \"redfish\"\nuser = \"u\"\npassword-file = \"p\"", "host[1].power.address: is missing")]
    [InlineData("driver = \"redfish\"\naddress = \"https://u:p@b\"\nuser = \"u\"\npassword-file = \"p\"", "is no address such as")]
    [InlineData("driver = \"redfish\"\naddress = \"b\"\nuser = \"u\"\npassword-file = \"p\"\nfingerprint = \"ab:cd\"", "must be the SHA-256 of the BMC's certificate")]
    [InlineData("driver = \"redfish\"\naddress = \"b\"\nuser = \"u\"\npassword-file = \"p\"\nfingerprnt = \"ab\"", "host[1].power.fingerprnt: is not known; did you mean fingerprint?")]
    [InlineData("driver = \"ipmi\"\naddress = \"b\"\nuser = \"u\"", "host[1].power.password-file: is missing; or name a systemd credential by password-credential")]
    [InlineData("driver = \"ipmi\"\naddress = \"b\"\nuser = \"u\"\npassword = \"x\"", "host[1].power.password: would be a secret in this file")]
    [InlineData("driver = \"ipmi\"\naddress = \"b\"\nuser = \"u\"\npassword-file = \"p\"\nprivilege = \"user\"", "host[1].power.privilege: \"user\" is not known; known are \"administrator\" and \"operator\"")]
    [InlineData("driver = \"ipmi\"\naddress = \"b\"\nuser = \"u\"\npassword-file = \"p\"\ncipher-suite = 0", "host[1].power.cipher-suite: ")]
    [InlineData("driver = \"ipmi\"\naddress = \"b\"\nuser = \"u\"\npassword-file = \"p\"\ninterface = \"lan\"\ncipher-suite = 3", "host[1].power.cipher-suite: is of interface = \"lanplus\"")]
    [InlineData("driver = \"ipmi\"\naddress = \"-b\"\nuser = \"u\"\npassword-file = \"p\"", "is no host name or address")]
    [InlineData("driver = \"ipmi\"\naddress = \"b\"\nuser = \"u\"\npassword-file = \"p\"\nafter-shutdown = \"kill\"", "host[1].power.after-shutdown: \"kill\" is not known")]
    [InlineData("driver = \"wake-on-lan\"\nmac = \"52-54-00\"\n[host.power.ssh]\nkey = \"k\"\nknown-hosts = \"n\"", "is no address of a network card")]
    [InlineData("driver = \"wake-on-lan\"\nmac = \"52:54:00:12:34:56\"\n[host.power.ssh]\naddress = \"-oProxyCommand=x\"\nkey = \"k\"\nknown-hosts = \"n\"", "is no host name")]
    [InlineData("driver = \"libvirt-suspend\"\ntarget = \"ram\"", "is none of memory, disk, hybrid")]
    [InlineData("driver = \"fence\"\nagent = \"ipmilan\"", "is no fence agent such as")]
    [InlineData("driver = \"hook\"\ncommand = [\"switch\"]", "the program by its absolute path")]
    public void Faults_are_told_with_their_place(string power, string fault) =>
        Assert.Contains(fault, Assert.Throws<CommandFailedException>(() => Read("", $"[host.power]\n{power}\n")).Message);

    [Theory]
    [InlineData("drill = \"sun 04:00\"", DaysOfWeek.Sunday, 14)]
    [InlineData("drill = \"Monday, thu 04:00\"\ndrill-after = \"3d\"", DaysOfWeek.Monday | DaysOfWeek.Thursday, 3)]
    [InlineData("drill = \"daily 04:00\"", DaysOfWeek.Daily, 14)]
    public void Drills_are_held_at_a_time_of_certain_days(string drill, DaysOfWeek days, int offFor)
    {
        var read = ConfigReader.Read(_folder.Write("ulm.toml", $"[power]\n{drill}\n[[host]]\nname = \"h1\"\nlibvirt = \"qemu+tcp://h1/system\"\nmunin = \"h1\"\n")).Loop.Drill!;
        Assert.Equal((new TimeOnly(4, 0), days, TimeSpan.FromDays(offFor)), (read.At.Times[0], read.At.Days.Weekly, read.OffFor));
    }

    [Theory]
    [InlineData("drill = \"04:00\"", "power.drill: \"04:00\" is no time such as \"sun 04:00\"")]
    [InlineData("drill = \"son 04:00\"", "is no time such as")]
    [InlineData("drill-after = \"3d\"", "power.drill-after: goes with drill")]
    public void Drills_that_make_no_sense_are_told(string drill, string fault) =>
        Assert.Contains(fault, Assert.Throws<CommandFailedException>(() => Read($"[power]\n{drill}\n", "")).Message);

    [Fact]
    public void What_was_called_bmc_is_told_its_new_name() =>
        Assert.Contains("host[1].bmc: is called [host.power] now, and its kind driver", Assert.Throws<CommandFailedException>(() => Read("", "[host.bmc]\nkind = \"ipmi\"\n")).Message);

    [Fact]
    public void A_misspelt_default_is_told_once()
    {
        var message = Assert.Throws<CommandFailedException>(() => Read("[power]\ndriver = \"ipmi\"\nadress = \"x\"\n", "", "")).Message;
        Assert.Contains("power.adress: is not known; did you mean address?", message);
        Assert.Equal(1, message.Split("power.address: is missing").Length - 1);
    }

    private List<PowerConfig?> Read(string site, params string[] hosts)
    {
        var text = site + "\n" + string.Concat(hosts.Select((power, i) => $"[[host]]\nname = \"h{i + 1}\"\nlibvirt = \"qemu+tcp://10.0.0.{i + 1}/system\"\nmunin = \"10.0.0.{i + 1}\"\n{power}\n"));
        return [.. ConfigReader.Read(_folder.Write("ulm.toml", text)).Hosts.Select(h => h.Power)];
    }
}
