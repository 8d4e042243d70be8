using System.Globalization;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine.Simulation;
using Ulm.Server.Commands;

namespace Ulm.Server.Snapshots;

/// <summary>The first line of a trace: <c>#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=vm.cpu</c>.</summary>
internal sealed record TraceHeader(PolicyAttribute Attribute, DateTimeOffset Start, TimeSpan Step)
{
    private const string Example = $"write `#{Trace.Schema} start=2026-01-05T00:00:00Z step=300s metric=vm.cpu` as the first line";

    private static readonly string[] Keys = ["start", "step", "metric"];

    /// <summary>Notes it where the line is not the header of a trace at all.</summary>
    public static bool Begins(string line, FileFaults faults)
    {
        var schema = line.Split(' ')[0];
        if (schema == $"#{Trace.Schema}") return true;
        faults.Add(line.Length == 0 ? "it does not begin with a header"
            : schema.StartsWith("#ulm.", StringComparison.Ordinal) ? $"the schema is \"{schema[1..]}\", not \"{Trace.Schema}\"" : "it does not begin with the header of a trace", Example, 1);
        return false;
    }

    /// <param name="attribute">Null where the metric is missing or wrong: nobody knows then what the rows are about.</param>
    /// <returns>Null where something is wrong with it.</returns>
    public static TraceHeader? Parse(string line, FileFaults faults, out PolicyAttribute? attribute)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var before = faults.Count;
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words[1..])
        {
            var (key, value) = word.Split('=', 2) is [var k, var v] ? (k, v) : (word, "");
            if (!Keys.Contains(key))
                faults.Add($"`{key}` is not known in the header", NearestWord.Find(key, Keys) is { } near ? $"did you mean `{near}`?" : Example, 1);
            else if (!given.TryAdd(key, value)) faults.Add($"`{key}` stands twice in the header", "keep one of the two", 1);
        }

        foreach (var missing in Keys.Where(k => !given.ContainsKey(k))) faults.Add($"the header has no `{missing}`", Example, 1);
        var start = given.TryGetValue("start", out var startText) ? ReadStart(startText, faults) : null;
        var step = given.TryGetValue("step", out var stepText) ? ReadStep(stepText, faults) : null;
        attribute = given.TryGetValue("metric", out var metric) ? ReadMetric(metric, faults) : null;
        return faults.Count == before ? new TraceHeader(attribute!, start!.Value, step!.Value) : null;
    }

    private static PolicyAttribute? ReadMetric(string text, FileFaults faults)
    {
        if (PolicyAttribute.Find(text) is { } attribute)
        {
            if (MetricReplay.CanReplay(attribute)) return attribute;
            faults.Add($"`metric={text}` follows from the site itself and can't be replayed", null, 1);
        }
        else
        {
            var nearest = NearestWord.Find(text, PolicyAttribute.All.Where(MetricReplay.CanReplay).Select(a => a.Name));
            faults.Add($"`metric={text}` is not an attribute of hosts or VMs", nearest is not null ? $"did you mean `metric={nearest}`?" : "write one as policies do: `vm.cpu`, `host.net.in`, `host.munin[\"plugin.field\"]`", 1);
        }

        return null;
    }

    private static DateTimeOffset? ReadStart(string text, FileFaults faults)
    {
        string[] forms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        var zoned = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        if (zoned && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) && start.Year is > 1970 and < 9000)
            return start.ToUniversalTime();
        faults.Add($"`start={text}` is not a time", "write date, time and zone: `start=2026-01-05T00:00:00Z`", 1);
        return null;
    }

    private static TimeSpan? ReadStep(string text, FileFaults faults)
    {
        if (DurationText.Parse(text) is { } step && step > TimeSpan.Zero && step <= TimeSpan.FromDays(1)) return step;
        faults.Add($"`step={text}` is not a duration above zero and up to a day", "write a number and its unit: `step=300s` or `step=5m`", 1);
        return null;
    }
}
