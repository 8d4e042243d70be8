using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ulm.Server.Tests.Commands;

/// <summary>Nights on few hosts, by the samples of <c>policies/</c> and the office of the simulation's tests: four hosts, sixteen VMs.</summary>
public sealed class NightTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>From 01:00 on every VM takes 0.2 % more each minute, up to 62 %: twice what the hosts that stay on for the night can carry without help.</summary>
    [Fact]
    public async Task Load_that_rises_in_the_night_wakes_a_host_before_any_vm_goes_short()
    {
        var vms = JsonDocument.Parse(File.ReadAllText(Cli.Data("office.site.json"))).RootElement.GetProperty("vms").EnumerateArray().Select(v => v.GetProperty("name").GetString()!);
        var load = string.Join('\t', Enumerable.Range(0, 640).Select(minute => Math.Clamp(8 + (minute - 310) * 0.2, 8, 62).ToString("0.0", CultureInfo.InvariantCulture)));
        var trace = _cli.Write("night.tsv", $"#ulm.trace/1 start=2026-01-05T18:50:00Z step=60s metric=vm.cpu\n{string.Concat(vms.Select(v => $"{v}\t{load}\n"))}");

        var night = (await _cli.RunAsync(
            "simulate", "--policies", Policy("save-power-at-night.ulm"), Policy("relieve-overload.ulm"), "--site", Cli.Data("office.site.json"), "--trace", trace, "--for", "10h30m", "--format", "json")).Json;

        var done = night.GetProperty("decisions").EnumerateArray().Select(d => (Action: Text(d, "action"), Subject: Text(d, "subject"), Rule: Text(d, "rule"), To: Text(d, "to"), At: d.GetProperty("time").GetDateTimeOffset())).ToList();
        var off = Assert.Single(done, d => d.Action == "powerOff");
        // 06:30 in Copenhagen is when all of them have to be on anyway.
        var on = Assert.Single(done, d => d is { Action: "powerOn", Rule: "wake-up" } && d.At < new DateTimeOffset(2026, 1, 6, 5, 0, 0, TimeSpan.Zero));
        Assert.Equal(off.Subject, on.Subject);
        Assert.Contains(done, d => d is { Action: "migrate", Rule: "relieve-cpu" } && $"host/{d.To}" == on.Subject && d.At > on.At);
        Assert.Equal(0, night.GetProperty("slatahPercent").GetDouble());
        Assert.Equal(0, night.GetProperty("violations").GetArrayLength());
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Policy(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "policies", name);
}
