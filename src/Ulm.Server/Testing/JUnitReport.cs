using System.Xml.Linq;

namespace Ulm.Server.Testing;

/// <summary>Results as build servers read them: a suite a file, a case a test. There is no standard; what is written here all of them take.</summary>
internal static class JUnitReport
{
    public static string Write(TestResults results)
    {
        var suites = results.Outcomes.GroupBy(o => o.Test.Location.File, StringComparer.Ordinal).Select(file => new XElement(
            "testsuite",
            new XAttribute("name", file.Key),
            new XAttribute("tests", file.Count()),
            new XAttribute("failures", file.Count(o => !o.Passed)),
            new XAttribute("errors", 0),
            file.Select(Case)));
        var faults = results.Faults.GroupBy(f => f.SourceFile, StringComparer.Ordinal).Select(file => new XElement(
            "testsuite",
            new XAttribute("name", file.Key),
            new XAttribute("tests", file.Count()),
            new XAttribute("failures", 0),
            new XAttribute("errors", file.Count()),
            file.Select(f => new XElement("testcase", new XAttribute("classname", f.SourceFile), new XAttribute("name", $"line {f.Line}"),
                new XElement("error", new XAttribute("message", Text($"{f.Code}: {f.Message}")), new XAttribute("type", f.Code), Text(f.ToString()))))));
        var root = new XElement("testsuites",
            new XAttribute("name", "ulm-server test"),
            new XAttribute("tests", results.Outcomes.Length + results.Faults.Length),
            new XAttribute("failures", results.Failed),
            new XAttribute("errors", results.Faults.Length),
            suites, faults);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}";
    }

    private static XElement Case(TestOutcome outcome) => new(
        "testcase",
        new XAttribute("classname", outcome.Test.Location.File),
        new XAttribute("name", Text(outcome.Test.Name)),
        new XAttribute("file", outcome.Test.Location.File),
        new XAttribute("line", outcome.Test.Location.Line),
        outcome.Failures.Select(f => new XElement("failure", new XAttribute("message", Text(f.Expectation.Text)), new XAttribute("type", "expectation"), Text(Details(f)))),
        outcome.Broken.Select(b => new XElement("failure", new XAttribute("message", Text(b)), new XAttribute("type", "safety"))));

    private static string Details(TestFailure failure) => string.Join('\n',
    [
        failure.Expectation.Location.ToString(),
        .. failure.Charts.SelectMany(c => new[] { c.Title, c.Letters, c.MarkLine(failure.Minute) }),
        $"at {SeriesChart.Minutes(failure.Minute)}: {(failure.Instead.IsEmpty ? "nothing was decided" : string.Join("; ", failure.Instead))}",
        .. failure.Why,
    ]);

    /// <summary>A test's name may hold what XML can't.</summary>
    private static string Text(string text) => string.Concat(text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD'));
}
