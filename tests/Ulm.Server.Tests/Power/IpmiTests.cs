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

    private PowerSetup Ipmi(int port) =>
        new(_folder, $"[host.power]\ndriver = \"ipmi\"\naddress = \"127.0.0.1\"\nport = {port}\ninterface = \"lan\"\nuser = \"ulm\"\npassword-file = \"password\"");

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
                  endlan
                  chassis_control "{chassis} 0x20"
                  user 1 true  ""    "" user 10 none md2 md5 straight
                  user 2 true  "ulm" "{PowerSetup.Password}" admin 10 none md2 md5 straight

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
