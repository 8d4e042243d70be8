using System.Diagnostics;
using Ulm.Munin.Tests;

namespace Ulm.Server.Tests.History;

/// <summary>
/// The tree that Debian's own munin-update makes of what a munin-node says. Fails, rather than skips, where it is missing. It refuses to run as root: a test
/// that does lends it another user.
/// </summary>
internal sealed class RealMuninMaster : IDisposable
{
    private const string Program = "/usr/share/munin/munin-update";
    private const string Nobody = "65534";

    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _own = Directory.CreateTempSubdirectory("munin-master-").FullName;

    /// <summary>The folder that <c>import munin</c> is given.</summary>
    public string Tree => Path.Combine(_own, "lib");

    /// <param name="host">As the master calls it.</param>
    public async Task UpdateAsync(string group, string host, RealMuninNode node)
    {
        if (!File.Exists(Program)) Assert.Fail($"{Program} is missing: this test runs the real one (apt-get install munin)");
        Directory.CreateDirectory(Tree);
        foreach (var folder in new[] { _own, Tree }) File.SetUnixFileMode(folder, Everybody);
        var config = Path.Combine(_own, "munin.conf");
        await File.WriteAllTextAsync(config, $"""
            dbdir {Tree}
            htmldir {_own}
            logdir {_own}
            rundir {_own}
            [{group};{host}]
              address {node.Options.Host}
              port {node.Port}
              use_node_name yes

            """);
        string[] command = ["perl", Program, "--config_file", config, "--nofork"];
        if (Environment.IsPrivilegedProcess) command = ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", .. command];
        using var update = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = update.StandardOutput.ReadToEndAsync();
        var error = await update.StandardError.ReadToEndAsync();
        await update.WaitForExitAsync();
        if (!Directory.EnumerateFiles(Tree, "*.rrd", SearchOption.AllDirectories).Any())
            Assert.Fail($"munin-update made nothing: {await output}{error}{string.Concat(Directory.GetFiles(_own, "*.log").Select(File.ReadAllText))}");
    }

    public void Dispose() => Directory.Delete(_own, recursive: true);
}
