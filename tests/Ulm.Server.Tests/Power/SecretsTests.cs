using System.Security.Cryptography;
using System.Text;
using Ulm.Server.Tests.Hosting;

namespace Ulm.Server.Tests.Power;

/// <summary>
/// A whole server, with a host for each way that takes a password, all of which fail and say all they know: fence agents and ipmitool that
/// write down how they were called and echo what they were told, a BMC of Redfish that refuses. The password is found with none of them but where it belongs.
/// </summary>
public sealed class SecretsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_password_stands_in_no_argument_environment_log_journal_message_or_status()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        bmc.ResetTypes = [];
        PrivateFile("password", PowerSetup.Password + "\n");
        PrivateFile("key", PowerSetup.Password + "\n");
        _folder.Write("known_hosts", "");
        _folder.Write("policies/p.ulm", "policy even when host.vms >= 9 then balance\n");
        Program("fence_test", "cat > FOLDER/input; cat FOLDER/input >&2; exit 1");
        Program("ipmitool", "for a; do [ -f \"$a\" ] && cat \"$a\" >&2; done; exit 1");
        Program("ssh", "for a; do [ -f \"$a\" ] && cat \"$a\" > /dev/null; done; echo permission denied >&2; exit 255");
        var seen = new StringBuilder();
        await using (var server = ServerProcess.Start(Config(bmc), path: _folder.File("bin")))
        {
            await server.UntilAsync(async () => (await ServerUnderTest.AskAsync(_folder, "release", "fence", "--dry-run")).Exit == 0);
            foreach (var host in new[] { "fence", "ipmi", "redfish", "ssh" }) seen.AppendLine((await ServerUnderTest.AskAsync(_folder, "power", "off", host, "--no-wait")).Out);
            foreach (var end in new[] { "fence_test of fence failed", "power off host redfish: ", "permission denied", "BMC of ipmi at 127.0.0.1:623 refused" })
            {
                await server.UntilAsync(async () =>
                {
                    seen.Append(PowerSetup.SeenByOthers());
                    return (await ServerUnderTest.AskAsync(_folder, "journal", "--count", "1000")).Out.Contains(end, StringComparison.Ordinal);
                });
            }

            foreach (string[] command in new[] { new[] { "status" }, ["hosts"], ["journal", "--count", "1000"] })
                seen.AppendLine((await ServerUnderTest.AskAsync(_folder, [.. command, "--format", "json"])).Out).AppendLine((await ServerUnderTest.AskAsync(_folder, command)).Out);
            seen.AppendLine(server.Said);
        }

        seen.AppendLine(File.ReadAllText(_folder.File("called")));
        foreach (var store in Directory.GetFiles(_folder.Path, "ulm.db*")) seen.AppendLine(Encoding.Latin1.GetString(File.ReadAllBytes(store)));
        // It did get where it belongs, and the programs did echo it.
        Assert.Contains($"password={PowerSetup.Password}", File.ReadAllText(_folder.File("input")));
        Assert.Contains("failed at \"off\": password=***", seen.ToString());
        Assert.Contains("refused \"chassis power", seen.ToString());
        Assert.Contains("-f\0" + _folder.File("password"), seen.ToString().Replace('\n', '\0'));
        Assert.DoesNotContain(PowerSetup.Password, seen.ToString());
    }

    /// <summary>Four hosts that run nothing.</summary>
    private string Config(RedfishService bmc)
    {
        foreach (var host in new[] { "fence", "ipmi", "redfish", "ssh" }) _folder.Write($"{host}.xml", ServerUnderTest.EmptyNode);
        return _folder.Write(
            "ulm.toml",
            $"""
             {ServerUnderTest.Sections}
             [limits]
             idle-time = "1s"
             {Host("fence", "driver = \"fence\"\nagent = \"fence_test\"\npassword-file = \"password\"\n[host.power.options]\nplug = 1")}
             {Host("ipmi", "driver = \"ipmi\"\naddress = \"127.0.0.1\"\nuser = \"ulm\"\npassword-file = \"password\"")}
             {Host("redfish", $"driver = \"redfish\"\naddress = \"{bmc.Address}\"\nuser = \"{RedfishService.User}\"\npassword-file = \"password\"\nfingerprint = \"{bmc.Certificate.GetCertHashString(HashAlgorithmName.SHA256)}\"")}
             {Host("ssh", "driver = \"wake-on-lan\"\nmac = \"52:54:00:12:34:56\"\nbroadcast = \"127.255.255.255\"\nafter-shutdown = \"tell\"\n[host.power.ssh]\nkey = \"key\"\nknown-hosts = \"known_hosts\"")}
             """);
    }

    private string Host(string name, string power) => $"[[host]]\nname = \"{name}\"\nlibvirt = \"test://{_folder.File($"{name}.xml")}\"\nmunin = \"127.0.0.1:1\"\n[host.power]\n{power}";

    private void PrivateFile(string name, string text) => File.SetUnixFileMode(_folder.Write(name, text), UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>On the server's search path; writes down its arguments and its environment first.</summary>
    private void Program(string name, string text)
    {
        var file = _folder.Write(Path.Combine("bin", name), $"#!/bin/sh\n{{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; }} >> FOLDER/called\n{text}\n".Replace("FOLDER", $"'{_folder.Path}'", StringComparison.Ordinal));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
