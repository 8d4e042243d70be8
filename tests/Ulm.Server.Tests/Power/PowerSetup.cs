using System.Diagnostics;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Server.Configuration;
using Ulm.Server.Live;
using Ulm.Server.Power;

namespace Ulm.Server.Tests.Power;

/// <summary>One host, switched as a text in an <c>ulm.toml</c> says; everything is read and put together as the server does it.</summary>
internal sealed class PowerSetup : IAsyncDisposable
{
    public const string Password = "s3cret-w0rd";

    public static readonly Host Host = new() { Name = "h1", Cpus = 1, MemoryBytes = 1 };

    /// <param name="munin">Whom silence is asked of, where nothing else tells.</param>
    public PowerSetup(TempFolder folder, string toml, string munin = "127.0.0.1:4949", string libvirt = "test:///default")
    {
        Folder = folder;
        SecretFile("password");
        var file = folder.Write("ulm.toml", $"[[host]]\nname = \"h1\"\nlibvirt = \"{libvirt}\"\nmunin = \"{munin}\"\n{toml}\n");
        Managed = new ManagedHost(ConfigReader.Read(file).Hosts.Single(), TimeSpan.FromSeconds(10), TimeProvider.System);
        Power = new SitePower([Managed], TimeProvider.System);
    }

    public TempFolder Folder { get; }

    public ManagedHost Managed { get; }

    public SitePower Power { get; }

    public Task<PowerState> State => Power.StateAsync(Host, default);

    public string SecretFile(string name, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var file = Folder.Write(name, Password + "\n");
        File.SetUnixFileMode(file, mode);
        return file;
    }

    public string Script(string name, string text)
    {
        var file = Folder.Write(name, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        Power.Dispose();
        await Managed.DisposeAsync();
    }

    /// <summary>Arguments and environment of every process there is, as anybody on the machine may see the former.</summary>
    public static string SeenByOthers()
    {
        var seen = new System.Text.StringBuilder();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => Path.GetFileName(d).All(char.IsAsciiDigit) && d != $"/proc/{Environment.ProcessId}"))
        {
            foreach (var file in new[] { "cmdline", "environ" })
            {
                try
                {
                    seen.AppendLine(File.ReadAllText(Path.Combine(process, file)));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It has just ended, or is somebody else's.
                }
            }
        }

        return seen.ToString();
    }

    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException($"{program} did not start");

    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var tried = 0; tried < 200; tried++)
        {
            if (await holds()) return;
            await Task.Delay(50);
        }

        Assert.Fail($"not within ten seconds: {what}");
    }
}
