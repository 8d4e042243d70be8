using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

namespace Ulm.Lab.Tests.Lab;

/// <summary>
/// The project's lab of real hosts (see lab/README.md), driven through `lab/ulm-lab`. It has a folder of its own, so that a lab which someone
/// works on by hand is never touched: `up` refuses while such a one is there. Not for use by several tests at a time.
/// Methods throw <see cref="LabException"/> where the lab refuses.
/// </summary>
public sealed class LabSite : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(3);

    private readonly string _script = Path.Combine(RepositoryRoot, "lab", "ulm-lab");
    private int _hosts;

    /// <summary>Where the lab keeps its state; gone after the last test.</summary>
    public static string Directory { get; } = Path.Combine(Path.GetTempPath(), "ulm-lab-tests");

    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>The password file of all BMCs, user `ulm`.</summary>
    public static string BmcPasswordFile => Path.Combine(Directory, "bmc.password");

    /// <summary>The names of all hosts of the lab, on or off.</summary>
    public IReadOnlyList<string> Hosts => [.. Enumerable.Range(1, _hosts).Select(i => $"h{i}")];

    public static string Address(string host) => $"10.77.0.{10 + Number(host)}";

    public static string LibvirtUri(string host) => $"qemu+tcp://{Address(host)}/system";

    public static int BmcPort(string host) => 9000 + Number(host);

    /// <summary>Installs what the lab needs where it lacks: a test on the lab is never skipped for that.</summary>
    public async ValueTask InitializeAsync()
    {
        await ExecuteAsync(_script, ["install"], InstallLimit);
        await DownAsync();   // of a run that was killed
    }

    public async ValueTask DisposeAsync() => await DownAsync();

    /// <summary>
    /// A clean lab: at least so many hosts, all on, connected and answering (libvirt, munin, BMC), and no guest. Quick where it is so already.
    /// </summary>
    public async Task UpAsync(int hosts = 3)
    {
        try
        {
            await LabAsync("up", $"{hosts}");
            _hosts = Math.Max(_hosts, hosts);
            await LabAsync("reset");
        }
        catch (LabException) when (_hosts > 0)
        {
            // An earlier test left it in a state that can't be mended; where a new one can't be had either, that is this test's failure.
            await DownAsync();
            await LabAsync("up", $"{hosts}");
            _hosts = hosts;
        }
    }

    // Also when the tests were cancelled.
    private async Task DownAsync() => await ExecuteAsync(_script, ["down"], CommandLimit, CancellationToken.None);

    // Guests

    /// <summary>Defines and starts a guest that burns a share (0..1) of one CPU. It is booted, but need not tick yet.</summary>
    public Task VmAsync(string name, string host, double load = 0, int memoryMiB = 128) =>
        LabAsync("vm", name, host, Share(load), $"{memoryMiB}");

    /// <summary>Changes a guest's load; it follows within about 2 s.</summary>
    public Task LoadAsync(string name, double load) => LabAsync("load", name, Share(load));

    /// <summary>Lets a guest write over so much of its memory in every second, at most 40 MiB; 0: no more.</summary>
    public Task DirtyAsync(string name, int mib) => LabAsync("dirty", name, $"{mib}");

    public Task RemoveVmAsync(string name) => LabAsync("rm", name);

    /// <summary>The last tick (about one a second) on the guest's console at the host where it runs now; 0 where none was seen there yet.</summary>
    public async Task<long> TicksAsync(string name) => long.Parse(await LabAsync("ticks", name), CultureInfo.InvariantCulture);

    /// <summary>Waits until the guest has ticked on, past <paramref name="since"/>, at the host where it runs now; gives the tick.</summary>
    public async Task<long> TicksOnAsync(string name, long since = 0)
    {
        long ticks = 0;
        await Poll.UntilAsync($"guest {name} ticks on past {since}", async () =>
        {
            try
            {
                return (ticks = await TicksAsync(name)) > since;
            }
            catch (LabException)
            {
                return false;   // for a moment of a migration it runs nowhere
            }
        });
        return ticks;
    }

    public Task<string> ConsoleAsync(string name) => LabAsync("console", name);

    /// <summary>The guests that run on a host, by its libvirt, asked from outside; a guest that migrates in is not among them yet.</summary>
    public async Task<IReadOnlyList<string>> RunningGuestsAsync(string host) =>
        [.. (await VirshAsync(host, "list", "--name", "--state-running")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>
    /// The one host on which a guest runs, null for none. Fails where it runs twice. Hosts that don't answer are passed over: a guest may run there.
    /// </summary>
    public async Task<string?> WhereIsAsync(string name)
    {
        var at = new List<string>();
        foreach (var host in Hosts)
            if (await LibvirtAnswersAsync(host) && (await RunningGuestsAsync(host)).Contains(name)) at.Add(host);
        Assert.True(at.Count <= 1, $"Guest {name} runs more than once: on {string.Join(" and ", at)}.");
        return at.SingleOrDefault();
    }

    // Power, and faults

    /// <summary>Orderly power-off: guests are ended, then the host. It is off when this returns.</summary>
    public Task OffAsync(string host) => LabAsync("off", host);

    /// <summary>Power-on; libvirt and munin answer when this returns.</summary>
    public Task OnAsync(string host) => LabAsync("on", host);

    /// <summary>A pulled plug. Guests stay defined, shut off, as on a real host.</summary>
    public Task CrashAsync(string host) => LabAsync("crash", host);

    /// <summary>Whether the host is on, as its BMC would say.</summary>
    public async Task<bool> IsOnAsync(string host) =>
        await IpmiAsync(host, "status") == "Chassis Power is on";

    /// <summary>Pulls the network cable. Running migrations fail after about 30 s; the BMC is reached all the same.</summary>
    public Task CutAsync(string host) => LabAsync("cut", host);

    /// <summary>One host can't connect to another any more; everybody else reaches both. <see cref="JoinAsync"/> undoes it.</summary>
    public Task PartAsync(string host, string other) => LabAsync("part", host, other);

    /// <summary>A firewall drops what is sent to the ports that QEMU takes guests' memory on. <see cref="JoinAsync"/> undoes it.</summary>
    public Task ShutAsync(string host) => LabAsync("shut", host);

    /// <summary>libvirtd has no memory to start guests with, or to let them in.</summary>
    public Task StarveAsync(string host) => LabAsync("starve", host);

    public Task JoinAsync(string host) => LabAsync("join", host);

    /// <summary>munin-node accepts connections and never answers.</summary>
    public Task HangMuninAsync(string host) => LabAsync("hang-munin", host);

    public Task ResumeMuninAsync(string host) => LabAsync("resume-munin", host);

    /// <summary>munin-node is gone: connections are refused.</summary>
    public Task KillMuninAsync(string host) => LabAsync("kill-munin", host);

    public Task StartMuninAsync(string host) => LabAsync("start-munin", host);

    /// <summary>libvirtd is killed; its guests run on.</summary>
    public Task KillLibvirtdAsync(string host) => LabAsync("kill-libvirtd", host);

    public Task StartLibvirtdAsync(string host) => LabAsync("start-libvirtd", host);

    /// <param name="behaviour"><c>well</c>; <c>refuse</c>: takes no order; <c>late</c>: says no and obeys 10 s later; <c>deaf</c>: takes the order to power on, and nothing comes of it.</param>
    public Task BmcAsync(string host, string behaviour) => LabAsync("bmc", host, behaviour);

    // The tools an administrator has

    /// <summary>ipmitool's `chassis power` with off, on, soft, cycle, reset or status; as on real hardware, it does not wait for the host.</summary>
    public Task<string> IpmiAsync(string host, string power) => ToolAsync("ipmitool",
        "-I", "lan", "-H", "127.0.0.1", "-p", $"{BmcPort(host)}", "-U", "ulm", "-f", BmcPasswordFile, "chassis", "power", power);

    public Task<string> VirshAsync(string host, params string[] arguments) => ToolAsync("virsh", ["-q", "-c", LibvirtUri(host), .. arguments]);

    /// <summary>Live migration by libvirt, peer to peer; the guest is no longer defined at the source after it.</summary>
    public Task MigrateAsync(string name, string from, string to) => VirshAsync(from,
        "migrate", "--live", "--p2p", "--persistent", "--undefinesource", name, LibvirtUri(to));

    /// <summary>Bounds how fast a running guest's memory is copied, also while it is: an administrator's own setting, kept by libvirt.</summary>
    public Task MigrationSpeedAsync(string name, string host, int mebibytesPerSecond) =>
        VirshAsync(host, "migrate-setspeed", name, $"{mebibytesPerSecond}");

    /// <summary>Whether libvirt answers from outside, within 5 s.</summary>
    public async Task<bool> LibvirtAnswersAsync(string host)
    {
        try
        {
            await ToolAsync("timeout", "5", "virsh", "-q", "-c", LibvirtUri(host), "uri");
            return true;
        }
        catch (LabException)
        {
            return false;
        }
    }

    /// <summary>An ulm.toml for this lab; where a path is not given, one in the lab's folder, or the repository's policies.</summary>
    public async Task<string> ConfigTomlAsync(string interval = "2s", string? policies = null, string? store = null, string? socket = null)
    {
        List<string> arguments = ["config", "--interval", interval];
        if (policies is not null) arguments.AddRange(["--policies", policies]);
        if (store is not null) arguments.AddRange(["--store", store]);
        if (socket is not null) arguments.AddRange(["--socket", socket]);
        return await LabAsync([.. arguments]) + "\n";
    }

    private static int Number(string host) => int.Parse(host.AsSpan(1), CultureInfo.InvariantCulture);

    private static string Share(double load) => load.ToString("0.##", CultureInfo.InvariantCulture);

    private Task<string> LabAsync(params string[] arguments) => ExecuteAsync(_script, arguments, CommandLimit);

    private static Task<string> ToolAsync(string tool, params string[] arguments) => ExecuteAsync(tool, arguments, CommandLimit);

    private static async Task<string> ExecuteAsync(string program, string[] arguments, TimeSpan limit, CancellationToken? cancelled = null)
    {
        var asked = cancelled ?? TestContext.Current.CancellationToken;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(asked);
        cancellation.CancelAfter(limit);
        var command = Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None)
            .WithEnvironmentVariables(e => e.Set("ULM_LAB_DIR", Directory));
        var shown = $"{Path.GetFileName(program)} {string.Join(' ', arguments)}";
        try
        {
            var result = await command.ExecuteBufferedAsync(cancellation.Token);
            return result.ExitCode == 0 ? result.StandardOutput.Trim() : throw new LabException(shown, result.ExitCode, result.StandardError);
        }
        catch (OperationCanceledException) when (!asked.IsCancellationRequested)
        {
            throw new LabException(shown, -1, $"not done within {limit}");
        }
    }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "lab", "ulm-lab"))) return folder.FullName;
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds lab/ulm-lab.");
    }
}
