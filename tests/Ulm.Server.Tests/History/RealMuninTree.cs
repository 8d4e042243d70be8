using System.Diagnostics;
using System.Globalization;

namespace Ulm.Server.Tests.History;

/// <summary>
/// RRD files as munin's master makes them (its archives, its data source <c>42</c>, its names), made by the real rrdtool. Fails, rather than skips, where
/// that is missing.
/// </summary>
internal sealed class RealMuninTree(string folder)
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    /// <param name="name"><c>GROUP/HOST-GRAPH-FIELD-TYPE</c>; a type of g is a gauge, of d a counter.</param>
    /// <param name="values">What the field came to in each step from <see cref="Start"/> on; null: nothing was recorded.</param>
    public RealMuninTree With(string name, params double?[] values)
    {
        var path = Path.Combine(folder, name + ".rrd");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var type = name[^1] == 'g' ? "GAUGE" : "DERIVE";
        RrdTool("create", path, "--start", Unix(type == "GAUGE" ? 0 : -1), "--step", "300", $"DS:42:{type}:600:U:U", "RRA:AVERAGE:0.5:1:576", "RRA:AVERAGE:0.5:6:432", "RRA:AVERAGE:0.5:24:540", "RRA:AVERAGE:0.5:288:450");
        var counter = 0.0;
        if (type == "DERIVE" && values[0] is not null) RrdTool("update", path, $"{Unix(0)}:0");
        for (var i = 0; i < values.Length; i++)
        {
            counter += (values[i] ?? 0) * Step.TotalSeconds;
            // A counter is read where its guest is: a rate needs one more reading before it.
            var isRead = values[i] is not null || (type == "DERIVE" && i + 1 < values.Length && values[i + 1] is not null);
            var text = !isRead ? "U" : (type == "GAUGE" ? values[i]!.Value : Math.Round(counter)).ToString(CultureInfo.InvariantCulture);
            // Samples fall right on the steps: what is read back is what went in.
            RrdTool("update", path, $"{Unix(i + 1)}:{text}");
        }

        return this;
    }

    private static string Unix(int steps) => (Start + Step * steps).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static void RrdTool(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("rrdtool", arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) Assert.Fail($"rrdtool {string.Join(' ', arguments)}: {error}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Fail("rrdtool is missing: this test runs the real one (apt-get install rrdtool)");
        }
    }
}
