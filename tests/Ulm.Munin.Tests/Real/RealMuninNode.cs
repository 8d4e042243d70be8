using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;

[assembly: SupportedOSPlatform("linux")]

namespace Ulm.Munin.Tests;

/// <summary>
/// Debian's munin-node as a process of its own: own configuration, plugins and state in a temporary folder, a free port of the
/// loopback. Fails, rather than skips, where the package is missing. Ends what it has started.
/// </summary>
internal sealed class RealMuninNode : IAsyncDisposable
{
    private const string Program = "/usr/sbin/munin-node";
    private const string PluginFolder = "/usr/share/munin/plugins";

    private readonly string _folder;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private RealMuninNode(string folder) => _folder = folder;

    public int Port { get; private set; }
    public MuninNodeOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        ConnectTimeout = TimeSpan.FromMinutes(2), // perl on a busy machine; no test here is about time
        CommandTimeout = TimeSpan.FromMinutes(2),
    };

    /// <param name="debian">Plugins of munin-plugins-core, by name.</param>
    /// <param name="own">Plugins by name, as shell scripts.</param>
    /// <param name="settings">More lines for munin-node.conf; <c>{0}</c> is the folder, where files of these names and contents are.</param>
    public static async Task<RealMuninNode> StartAsync(IEnumerable<string> debian, IReadOnlyDictionary<string, string> own,
        string settings = "", IReadOnlyDictionary<string, string>? files = null)
    {
        if (!System.IO.File.Exists(Program)) Assert.Fail($"{Program} is missing: this test runs the real one (apt-get install munin-node)");
        if (!Directory.Exists(PluginFolder)) Assert.Fail($"{PluginFolder} is missing: apt-get install munin-plugins-core");
        var node = new RealMuninNode(Directory.CreateTempSubdirectory("munin-node-").FullName);
        try
        {
            node.Furnish(debian, own, settings, files ?? new Dictionary<string, string>());
            for (var attempt = 1; !await node.TryStartAsync(FreePort()); attempt++)
                if (attempt == 5) Assert.Fail($"munin-node did not start: {node.Log()}");
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    // Plugins may run as somebody else, who has to reach them.
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>The path of a file in the node's folder.</summary>
    public string File(string name) => In(name);

    /// <summary>Adds a plugin, a shell script, that the node knows from its next start on.</summary>
    public void Add(string name, string script)
    {
        System.IO.File.WriteAllText(In("plugins", name), "#!/bin/sh\n" + script);
        System.IO.File.SetUnixFileMode(In("plugins", name), Open);
    }

    private string In(params string[] names) => Path.Combine([_folder, .. names]);

    private void Furnish(IEnumerable<string> debian, IReadOnlyDictionary<string, string> own, string settings, IReadOnlyDictionary<string, string> files)
    {
        System.IO.File.SetUnixFileMode(_folder, Open);
        foreach (var name in new[] { "plugins", "plugin-conf.d", "state", "perl/Munin/Common" }) Directory.CreateDirectory(In(name), Open);
        foreach (var name in debian) System.IO.File.CreateSymbolicLink(In("plugins", name), Path.Combine(PluginFolder, name));
        foreach (var (name, script) in own) Add(name, script);
        foreach (var (name, content) in files) System.IO.File.WriteAllText(In(name), content);
        // munin-node has its folders compiled in, and looks in PERL5LIB for its modules: the real defaults with other folders.
        System.IO.File.WriteAllText(In("perl/Munin/Common/Defaults.pm"), $"""
            package Munin::Common::Defaults;
            do '/usr/share/perl5/Munin/Common/Defaults.pm' or die 'Munin::Common::Defaults';
            our $MUNIN_CONFDIR = '{_folder}';
            our $MUNIN_PLUGSTATE = '{In("state")}';
            1;
            """);
        System.IO.File.WriteAllText(In("munin-node.conf"), $"""
            log_level 4
            log_file {In("node.log")}
            pid_file {In("node.pid")}
            background 0
            setsid 0
            user {Environment.UserName}
            host_name real.test
            allow ^127\.0\.0\.1$
            host 127.0.0.1
            {string.Format(System.Globalization.CultureInfo.InvariantCulture, settings, _folder)}

            """);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>False if it ended before it listened, most likely because somebody else took the port.</summary>
    private async Task<bool> TryStartAsync(int port)
    {
        Port = port;
        var config = In("munin-node.conf");
        await System.IO.File.WriteAllLinesAsync(config, (await System.IO.File.ReadAllLinesAsync(config)).Where(l => !l.StartsWith("port ", StringComparison.Ordinal)).Append($"port {Port}"));
        var start = new ProcessStartInfo(Program, ["--foreground", "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PERL5LIB"] = In("perl");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => { lock (_output) _output.AppendLine(e.Data); };
        _process.ErrorDataReceived += (_, e) => { lock (_output) _output.AppendLine(e.Data); };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limits.Guard);
        while (!_process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
                using var reader = new StreamReader(client.GetStream());
                if (await reader.ReadLineAsync(limit.Token) == "# munin node at real.test") return true;
            }
            catch (SocketException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
        return false;
    }

    private string Log()
    {
        var log = System.IO.File.Exists(In("node.log")) ? System.IO.File.ReadAllText(In("node.log")) : "";
        lock (_output) return _output + log;
    }

    /// <summary>Ends the node and all it has forked.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    /// <summary>After <see cref="KillAsync"/>: the same node on the same port.</summary>
    public async Task RestartAsync()
    {
        if (!await TryStartAsync(Port)) Assert.Fail($"munin-node did not start again: {Log()}");
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
