using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ulm.Engine.Actions;

namespace Ulm.Server.Tests.Power;

/// <summary>ipmitool against OpenIPMI's simulator of a BMC, and against one that never answers.</summary>
public sealed class IpmiTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_bmc_is_asked_and_obeys()
    {
        using var bmc = new SimulatedBmc(_folder);
        await using var setup = Ipmi(bmc.Port);
        await PowerSetup.UntilAsync(async () => await setup.State == PowerState.Off, "the BMC says that its host is off");

        await setup.Power.PowerOnAsync(PowerSetup.Host, default);
        Assert.Equal(PowerState.On, await setup.State);

        await setup.Power.PowerOffAsync(PowerSetup.Host, default);
        Assert.Equal(PowerState.Off, await setup.State);
        Assert.Contains("set shutdown 1", File.ReadAllText(_folder.File("orders")));
    }

    [Fact]
    public async Task A_bmc_that_lets_us_not_in_is_told_and_its_hosts_state_is_unknown()
    {
        using var bmc = new SimulatedBmc(_folder);
        await using var setup = Ipmi(bmc.Port);
        await PowerSetup.UntilAsync(async () => await setup.State == PowerState.Off, "the BMC says that its host is off");
        File.WriteAllText(_folder.File("password"), "wrong\n");

        Assert.Equal(PowerState.Unknown, await setup.State);
        var told = await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default));
        Assert.StartsWith($"the BMC of h1 at 127.0.0.1:{bmc.Port} refused \"chassis power on\": ", told.Message);
        Assert.DoesNotContain("wrong", told.ToString());
    }

    [Fact]
    public async Task While_a_bmc_is_waited_for_nobody_sees_its_password()
    {
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var setup = Ipmi(((IPEndPoint)silent.Client.LocalEndPoint!).Port);

        var asking = setup.State;
        await silent.ReceiveAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        var seen = PowerSetup.SeenByOthers();

        Assert.Contains("chassis\0power\0status", seen);
        Assert.DoesNotContain(PowerSetup.Password, seen);
        Assert.Equal(PowerState.Unknown, await asking);
    }

    /// <summary>Whoever gives ULM an account that may switch power and no more asks for no more. This BMC knows no cipher suite 17.</summary>
    [Theory]
    [InlineData("interface = \"lan\"\nprivilege = \"operator\"", true)]
    [InlineData("interface = \"lan\"", false)]
    [InlineData("interface = \"lanplus\"\nprivilege = \"operator\"\ncipher-suite = 3", true)]
    [InlineData("interface = \"lanplus\"\nprivilege = \"operator\"\ncipher-suite = 17", false)]
    public async Task An_account_is_let_in_as_what_it_is_by_a_cipher_that_its_bmc_knows(string keys, bool isLetIn)
    {
        using var bmc = new SimulatedBmc(_folder);
        await using (var known = Ipmi(bmc.Port)) await PowerSetup.UntilAsync(async () => await known.State == PowerState.Off, "the BMC says that its host is off");
        await using var setup = Ipmi(bmc.Port, "keeper", keys);

        Assert.Equal(isLetIn ? PowerState.Off : PowerState.Unknown, await setup.State);
        var order = setup.Power.PowerOnAsync(PowerSetup.Host, default);
        if (isLetIn) await order;
        else await Assert.ThrowsAsync<ActionFailedException>(() => order);
        Assert.Equal(isLetIn, File.Exists(_folder.File("power")));
    }

    private PowerSetup Ipmi(int port, string user = "ulm", string keys = "interface = \"lan\"") =>
        new(_folder, $"[host.power]\ndriver = \"ipmi\"\naddress = \"127.0.0.1\"\nport = {port}\nuser = \"{user}\"\npassword-file = \"password\"\n{keys}");

    /// <summary>ipmi_sim with a chassis whose power is a file.</summary>
    private sealed class SimulatedBmc : IDisposable
    {
        private readonly Process _sim;

        public SimulatedBmc(TempFolder folder)
        {
            using (var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0))) Port = ((IPEndPoint)probe.Client.LocalEndPoint!).Port;
            var chassis = folder.Write("chassis",
                $"""
                #!/bin/sh
                echo "$2 $3 $4" >> '{folder.File("orders")}'
                case $2:$3:$4 in
                  get:power:*) if [ -e '{folder.File("power")}' ]; then echo power:1; else echo power:0; fi ;;
                  set:power:1) touch '{folder.File("power")}' ;;
                  set:power:*|set:shutdown:*) rm -f '{folder.File("power")}' ;;
                esac
                """);
            File.SetUnixFileMode(chassis, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var lan = folder.Write("lan.conf",
                $"""
                name "h1"
                set_working_mc 0x20
                  startlan 1
                    addr 127.0.0.1 {Port}
                    priv_limit admin
                    allowed_auths_callback none md2 md5 straight
                    allowed_auths_user none md2 md5 straight
                    allowed_auths_operator none md2 md5 straight
                    allowed_auths_admin none md2 md5 straight
                    guid a123456789abcdefa123456789abcdef
                  endlan
                  chassis_control "{chassis} 0x20"
                  user 1 true  ""    "" user 10 none md2 md5 straight
                  user 2 true  "ulm" "{PowerSetup.Password}" admin 10 none md2 md5 straight
                  user 3 true  "keeper" "{PowerSetup.Password}" operator 10 none md2 md5 straight

                """);
            var emulated = folder.Write("emu", "mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr\nmc_enable 0x20\n");
            Directory.CreateDirectory(folder.File("bmc-state"));
            _sim = PowerSetup.Start("ipmi_sim", "-c", lan, "-f", emulated, "-s", folder.File("bmc-state"), "-n");
        }

        public int Port { get; }

        public void Dispose()
        {
            _sim.Kill(entireProcessTree: true);
            _sim.Dispose();
        }
    }
}
