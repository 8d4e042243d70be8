using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Server.Commands;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Power;

/// <summary>A host that is woken by a packet and shut down by a real sshd, both on loopback.</summary>
public sealed class WakeAndSshTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Waking_sends_the_magic_packet_of_the_network_card()
    {
        using var card = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await using var setup = new PowerSetup(_folder, Wake($"broadcast = \"127.0.0.1\"\nport = {((IPEndPoint)card.Client.LocalEndPoint!).Port}\ninterface = \"lo\"", 22));

        await setup.Power.PowerOnAsync(PowerSetup.Host, default);

        var packet = (await card.ReceiveAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token)).Buffer;
        Assert.Equal(102, packet.Length);
        Assert.Equal("FFFFFFFFFFFF" + string.Concat(Enumerable.Repeat("525400123456", 16)), Convert.ToHexString(packet));
    }

    [Fact]
    public async Task A_card_that_is_not_there_is_told()
    {
        await using var setup = new PowerSetup(_folder, Wake("interface = \"nocard\"", 22));
        Assert.StartsWith("the packet that wakes 52:54:00:12:34:56 can't be sent to 255.255.255.255:9 on nocard: ", (await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default))).Message);
    }

    /// <summary>Whoever sees no more of the host than silence is told that it is off only after it took the order to go.</summary>
    [Fact]
    public async Task Shutting_down_is_done_by_a_real_sshd_and_is_over_once_nothing_answers_any_more()
    {
        using var host = new FullListener();
        using var sshd = new RealSshd(_folder);
        await using var setup = new PowerSetup(_folder, Wake("", sshd.Port, $"command = \"echo gone > {_folder.File("shut")}\""), munin: $"127.0.0.1:{host.Port}");
        Assert.Equal(PowerState.Unknown, await setup.State);

        await setup.Power.PowerOffAsync(PowerSetup.Host, default);

        Assert.Equal("gone\n", File.ReadAllText(_folder.File("shut")));
        Assert.Equal(PowerState.Off, await setup.State);
    }

    /// <summary>It has been woken since, and its network breaks: it may run anything.</summary>
    [Fact]
    public async Task Silence_is_no_proof_any_more_once_the_host_has_answered_again()
    {
        using var host = new FullListener();
        using var sshd = new RealSshd(_folder);
        await using var setup = new PowerSetup(_folder, Wake("", sshd.Port, "command = \"true\""), munin: $"127.0.0.1:{host.Port}");
        await setup.Power.PowerOffAsync(PowerSetup.Host, default);
        Assert.Equal(PowerState.Off, await setup.State);

        var observed = await new LiveSiteObserver([setup.Managed], setup.Power, TimeProvider.System, TimeSpan.FromSeconds(10), []).ObserveAsync(ImmutableHashSet<PolicyAttribute>.Empty, default);

        Assert.Equal(HostState.On, observed.Site.Host("h1").State);
        Assert.Equal(PowerState.Unknown, await setup.State);
    }

    [Fact]
    public async Task A_host_whose_kernel_still_answers_is_on_whatever_ssh_said()
    {
        using var sshd = new RealSshd(_folder);
        await using var setup = new PowerSetup(_folder, Wake("shutdown-time = \"5s\"", sshd.Port, "command = \"true\""), munin: "127.0.0.1:1");

        Assert.Equal("h1 was asked to shut down and is still on 5s later", (await Assert.ThrowsAsync<StillOnException>(() => setup.Power.PowerOffAsync(PowerSetup.Host, default))).Message);
        Assert.Contains("has no BMC that could cut its power", (await Assert.ThrowsAnyAsync<ActionFailedException>(() => setup.Power.CutPowerAsync(PowerSetup.Host, default))).Message);
        Assert.Equal(PowerState.On, await setup.State);
    }

    [Fact]
    public async Task A_host_key_that_is_not_the_known_one_gets_no_order()
    {
        using var host = new FullListener();
        using var sshd = new RealSshd(_folder);
        File.WriteAllText(_folder.File("known"), $"[127.0.0.1]:{sshd.Port} {File.ReadAllText(_folder.File("key.pub"))}");
        await using var setup = new PowerSetup(_folder, Wake("after-shutdown = \"tell\"", sshd.Port, $"command = \"echo gone > {_folder.File("shut")}\""), munin: $"127.0.0.1:{host.Port}");

        var told = await Assert.ThrowsAnyAsync<ActionFailedException>(() => setup.Power.PowerOffAsync(PowerSetup.Host, default));

        Assert.Contains("Host key verification failed", told.Message);
        Assert.False(File.Exists(_folder.File("shut")));
        Assert.Equal(PowerState.Unknown, await setup.State);
    }

    [Fact]
    public void Without_ssh_there_is_no_way_to_shut_it_down() =>
        Assert.Contains("host[1].power.ssh.key: is missing", Assert.Throws<CommandFailedException>(() => new PowerSetup(_folder, "[host.power]\ndriver = \"wake-on-lan\"\nmac = \"52:54:00:12:34:56\"")).Message);

    private static string Wake(string more, int port, string ssh = "") =>
        $"[host.power]\ndriver = \"wake-on-lan\"\nmac = \"52:54:00:12:34:56\"\n{more}\n[host.power.ssh]\naddress = \"127.0.0.1\"\nport = {port}\nkey = \"key\"\nknown-hosts = \"known\"\n{ssh}";

    /// <summary>Its queue is full and nobody takes from it: whoever comes now gets no answer, as from a machine that is off.</summary>
    private sealed class FullListener : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _waiting = [];

        public FullListener()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            for (var n = 0; n < 4; n++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _waiting.Add(socket);
                try
                {
                    socket.Connect(_listener.LocalEndPoint!);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                }
            }
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public void Dispose()
        {
            foreach (var socket in _waiting) socket.Dispose();
            _listener.Dispose();
        }
    }

    private sealed class RealSshd : IDisposable
    {
        private readonly Process _sshd;

        public RealSshd(TempFolder folder)
        {
            foreach (var key in new[] { "key", "hostkey" })
                using (var keygen = PowerSetup.Start("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.File(key))) keygen.WaitForExit();
            File.Copy(folder.File("key.pub"), folder.File("authorized"));
            using (var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                Port = ((IPEndPoint)probe.LocalEndPoint!).Port;
            }

            File.WriteAllText(folder.File("known"), $"[127.0.0.1]:{Port} {File.ReadAllText(folder.File("hostkey.pub"))}");
            Directory.CreateDirectory("/run/sshd");
            var config = folder.Write("sshd_config",
                $"ListenAddress 127.0.0.1:{Port}\nHostKey {folder.File("hostkey")}\nAuthorizedKeysFile {folder.File("authorized")}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\nPidFile none\n");
            _sshd = PowerSetup.Start("/usr/sbin/sshd", "-D", "-e", "-f", config);
            for (var tried = 0; tried < 200; tried++)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    socket.Connect(IPAddress.Loopback, Port);
                    return;
                }
                catch (SocketException)
                {
                    Thread.Sleep(50);
                }
            }

            Assert.Fail($"sshd does not listen: {_sshd.StandardError.ReadToEnd()}");
        }

        public int Port { get; }

        public void Dispose()
        {
            _sshd.Kill(entireProcessTree: true);
            _sshd.Dispose();
        }
    }
}
