using System.Xml.Linq;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Server.Testing;

/// <summary>Results as build servers read them: a suite a file, a case a test. There is no standard; what is written here all of them take.</summary>
internal static class JUnitReport
{
    public static string Write(TestResults results)
    {
        var faulty = results.Faults.GroupBy(f => f.Test, ReferenceEqualityComparer.Instance).Select(t => (Test: (PolicyTest)t.Key!, Faults: t.Select(f => f.Fault).ToList())).ToList();
        var cases = results.Outcomes.Select(o => (o.Test, Failed: !o.Passed, Error: false, Case: Case(o)))
            .Concat(faulty.Select(f => (f.Test, Failed: false, Error: true, Case: Case(f.Test, f.Faults))));
        var suites = cases.GroupBy(c => c.Test.Location.File, StringComparer.Ordinal).Select(file => new XElement(
            "testsuite",
            new XAttribute("name", file.Key),
            new XAttribute("tests", file.Count()),
            new XAttribute("failures", file.Count(c => c.Failed)),
            new XAttribute("errors", file.Count(c => c.Error)),
            file.OrderBy(c => c.Test.Location.Line).Select(c => c.Case)));
        var root = new XElement("testsuites",
            new XAttribute("name", "ulm-server test"),
            new XAttribute("tests", results.Outcomes.Length + faulty.Count),
            new XAttribute("failures", results.Failed),
            new XAttribute("errors", faulty.Count),
            suites);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{root}";
    }

    private static XElement Case(TestOutcome outcome) => Case(
        outcome.Test,
        [
            .. outcome.Failures.Select(f => new XElement("failure", new XAttribute("message", Text(f.Expectation.Text)), new XAttribute("type", "expectation"), Text(Details(f)))),
            .. outcome.Broken.Select(b => new XElement("failure", new XAttribute("message", Text(b)), new XAttribute("type", "safety"))),
        ]);

    /// <summary>Of a test that could not be run.</summary>
    private static XElement Case(PolicyTest test, List<Diagnostic> faults) =>
        Case(test, faults.Select(f => new XElement("error", new XAttribute("message", Text($"{f.Code}: {f.Message}")), new XAttribute("type", f.Code), Text(f.ToString()))));

    private static XElement Case(PolicyTest test, IEnumerable<XElement> wrong) => new(
        "testcase",
        new XAttribute("classname", test.Location.File),
        new XAttribute("name", Text(test.Name)),
        new XAttribute("file", test.Location.File),
        new XAttribute("line", test.Location.Line),
        wrong);

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
