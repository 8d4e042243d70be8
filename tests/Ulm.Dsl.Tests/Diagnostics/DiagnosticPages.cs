using System.Globalization;
using System.Text.RegularExpressions;

namespace Ulm.Dsl.Tests.Diagnostics;

/// <summary>The pages of <c>docs/diagnostics</c>: a title, a failing sample, a mended sample.</summary>
internal sealed partial record DiagnosticPage(string Code, string Title, string Failing, string Mended)
{
    public static readonly string Folder = Repository.Folder("docs", "diagnostics");

    public static DiagnosticPage Read(string code)
    {
        var text = File.ReadAllText(Path.Combine(Folder, code + ".md"));
        var heading = Heading().Match(text);
        var samples = Sample().Matches(text);
        Assert.True(heading.Success, $"{code}: the page begins with `# {code}: title`.");
        Assert.Equal(2, samples.Count);
        return new DiagnosticPage(heading.Groups[1].Value, heading.Groups[2].Value, Expand(samples[0]), Expand(samples[1]));
    }

    // `repeat=N`: the last line stands N times; for what only happens in very long texts.
    private static string Expand(Match sample)
    {
        var text = sample.Groups[2].Value;
        if (sample.Groups[1].Value.Length == 0)
            return text;
        var lines = text.Split('\n');
        var times = int.Parse(sample.Groups[1].Value, CultureInfo.InvariantCulture);
        return string.Join('\n', lines[..^1].Concat(Enumerable.Repeat(lines[^1], times)));
    }

    [GeneratedRegex(@"\A# (ULM\d{4}): (.+)\n")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```ulm(?: repeat=(\d+))?\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();
}
