using Ulm.Server.Commands;
using Ulm.Server.Tests.Hosting;

namespace Ulm.Server.Tests.Manual;

/// <summary>A power-off that is followed, of a host whose BMC answers with a failure and carries the order out four minutes later.</summary>
public sealed class LatePowerOffTests
{
    private const string Late = """{ "kind": "bmc-late", "hosts": "host04" }""";

    [Fact]
    public async Task It_ends_in_doubt_and_every_command_says_so_until_the_host_has_gone()
    {
        // Four minutes are four seconds here: time enough to ask.
        await using var server = await EmbeddedUnderTest.StartAsync(speed: 60, faults: Late);
        await server.RunAsync("drain", "host04");

        var off = await server.RunAsync("power", "off", "host04");

        Assert.Equal((ExitCode.No, ""), (off.Exit, off.Error));
        const string Told = "may still go off \\(at .*: the BMC of host04 does not answer in time\\), and is closed until 2026-01-05 08:\\d\\d:\\d\\d UTC";
        Assert.Matches($"(?m)^in doubt  power off host host04: it {Told}\n", off.Out);
        Assert.Matches($"\nhost host04 {Told}; then it is told again\n$", off.Out);
        Assert.Matches($"host04 .*{Told}", (await server.RunAsync("hosts")).Out);
        Assert.Matches($"^Nothing to do: host host04 is to go off already, since .* until `power on host04`; it {Told}\\.\n$", (await server.RunAsync("power", "off", "host04")).Out);
        Assert.Matches($"\n       then host host04 {Told}\n$", (await server.RunAsync("release", "host04", "--dry-run")).Out);

        await Until.TrueAsync(async () => (await server.RunAsync("power", "off", "host04")).Out.StartsWith("Nothing to do: host host04 is off already", StringComparison.Ordinal), () => "it did not go off");
        Assert.Equal(ExitCode.Clean, (await server.RunAsync("power", "on", "host04")).Exit);
    }

    [Fact]
    public async Task As_json_the_step_is_in_doubt_and_the_order_is_over_and_not_done()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(speed: 60, faults: Late);

        var progress = (await server.JsonAsync("power", "off", "host04", "--drain")).GetProperty("progress");

        Assert.Equal((true, false), (progress.GetProperty("over").GetBoolean(), progress.GetProperty("done").GetBoolean()));
        Assert.Equal("inDoubt", progress.GetProperty("steps").EnumerateArray().Last().GetProperty("state").GetString());
    }
}
