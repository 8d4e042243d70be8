using System.Text.Json;
using System.Text.Json.Nodes;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Server.Explanations;
using Ulm.Server.Sarif;
using Ulm.Server.Tests.Commands;

namespace Ulm.Server.Tests.Sarif;

public sealed class SarifReportTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("when host.cpu > 75 for 10m then balance\n", 3)]
    [InlineData("at 20:00 weekdays consolidate and power off idle hosts\n", 0)]
    [InlineData("always keep 1 host on\nat 20:00 consolidate\n", 0)]
    public async Task The_exit_code_is_that_of_the_text_and_nothing_else_is_said(string text, int exit)
    {
        var file = _cli.Write("a.ulm", text);
        var result = await _cli.RunAsync("validate", file, "--format", "sarif");
        Assert.Equal((exit, ""), (result.Exit, result.Error));
        Assert.Empty(SarifRules.Faults(result.Json));
        Assert.Equal((await _cli.RunAsync("validate", file)).Exit, result.Exit);
        Assert.Equal(
            (await _cli.RunAsync("validate", file, "--format", "json")).Json.GetProperty("diagnostics").GetArrayLength(),
            Run(result.Json).GetProperty("results").GetArrayLength());
        Assert.Equal((await _cli.RunAsync("validate", file, "--deny-warnings")).Exit, (await _cli.RunAsync("validate", file, "--deny-warnings", "--format", "sarif")).Exit);
    }

    [Fact]
    public void Every_failing_sample_of_the_manual_is_told_in_the_words_of_the_standard()
    {
        foreach (var page in ExplanationCatalogue.All.Where(e => e.Descriptor is not null && !e.Text.Contains("repeat=")))
        {
            var (log, diagnostics) = Report(page.Text.Split("```")[1]["ulm\n".Length..]);
            Assert.Empty(SarifRules.Faults(log));
            Assert.Equal(diagnostics.Select(d => d.Code), Run(log).GetProperty("results").EnumerateArray().Select(r => r.GetProperty("ruleId").GetString()));
        }
    }

    [Fact]
    public void A_result_has_its_rule_and_both_its_places()
    {
        var (log, _) = Report("let a = host.cpu > 5%\nwhen a then balance\n  let a = host.load\n    > 2\n");
        var result = Run(log).GetProperty("results").EnumerateArray().Single(r => r.GetProperty("ruleId").GetString() == "ULM1002");
        Assert.Equal("error", result.GetProperty("level").GetString());
        Assert.StartsWith("`a` is already defined; help: ", result.GetProperty("message").GetProperty("text").GetString());
        Assert.Equal("p/a.ulm 3:7-3:8 defined a second time here", Place(result.GetProperty("locations")[0]));
        Assert.Equal("p/a.ulm 1:5-1:6 first defined here", Place(result.GetProperty("relatedLocations")[0]));
        var rule = Run(log).GetProperty("tool").GetProperty("driver").GetProperty("rules")[result.GetProperty("ruleIndex").GetInt32()];
        Assert.Equal(DiagnosticCatalogue.Find("ULM1002")!.Title, rule.GetProperty("shortDescription").GetProperty("text").GetString());
        Assert.Contains("```ulm\n", rule.GetProperty("help").GetProperty("markdown").GetString());
        Assert.DoesNotContain("```", rule.GetProperty("help").GetProperty("text").GetString());
        Assert.Equal("error", rule.GetProperty("defaultConfiguration").GetProperty("level").GetString());
    }

    [Theory]
    [InlineData("always keep 2 hosts on\nalways\nkeep 2\nhosts on", "p/a.ulm 2:1-4:9 says nothing new")]
    [InlineData("always keep 2 hosts on\r\nalways\r\nkeep 2\rhosts on", "p/a.ulm 2:1-4:9 says nothing new")]
    [InlineData("always keep 2 hosts on in cluster \"🖥é\" always keep 2 hosts on in cluster \"🖥é\"", "p/a.ulm 1:41-1:80 says nothing new")]
    public void A_region_ends_behind_its_last_character_in_utf16_units(string text, string place)
    {
        var (log, _) = Report(text);
        Assert.Equal("utf16CodeUnits", Run(log).GetProperty("columnKind").GetString());
        Assert.Equal(place, Place(Run(log).GetProperty("results")[0].GetProperty("locations")[0]));
    }

    [Theory]
    [InlineData("/site", "a.ulm", "a.ulm", true)]
    [InlineData("/site", "./p/../p/a b#%.ulm", "p/a%20b%23%25.ulm", true)]
    [InlineData("/site", "/site/p/a.ulm", "p/a.ulm", true)]
    [InlineData("/site", "..hidden/a.ulm", "..hidden/a.ulm", true)]
    [InlineData("/site", "../other/a.ulm", "file:///other/a.ulm", false)]
    [InlineData("/site", "/etc/ulm/é.ulm", "file:///etc/ulm/%C3%A9.ulm", false)]
    public void A_file_is_named_from_the_folder_it_is_seen_from(string folder, string file, string uri, bool relative)
    {
        var (log, _) = Report("zz", file, folder);
        Assert.Empty(SarifRules.Faults(log));
        var artifact = Run(log).GetProperty("results")[0].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation");
        Assert.Equal(uri, artifact.GetProperty("uri").GetString());
        Assert.Equal(relative ? "%SRCROOT%" : null, artifact.TryGetProperty("uriBaseId", out var id) ? id.GetString() : null);
    }

    [Fact]
    public void Braces_are_no_placeholders()
    {
        var (log, _) = Report("when host.cpu > 75% { then balance }");
        Assert.Contains("`{{`", Run(log).GetProperty("results")[0].GetProperty("message").GetProperty("text").GetString());
    }

    /// <summary>The check itself: each of these is a log that the standard does not allow.</summary>
    [Theory]
    [InlineData("$.version", "\"2.0.0\"")]
    [InlineData("$.extra", "1")]
    [InlineData("$.runs[0].columnKind", "\"bytes\"")]
    [InlineData("$.runs[0].results[0].level", "\"fatal\"")]
    [InlineData("$.runs[0].results[0].ruleIndex", "0")]
    [InlineData("$.runs[0].results[0].ruleIndex", "null")]
    [InlineData("$.runs[0].results[0].locations[0].physicalLocation.region.startLine", "0")]
    [InlineData("$.runs[0].results[0].locations[0].physicalLocation.region.startColumn", "99")]
    [InlineData("$.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri", "\"a b.ulm\"")]
    [InlineData("$.runs[0].results[0].message.text", "\"{x}\"")]
    [InlineData("$.runs[0].results[0].message.text", "\"\"")]
    public void What_the_standard_forbids_is_found(string path, string value)
    {
        var (log, _) = Report("when host.cpu > 75 then balance");
        Assert.Empty(SarifRules.Faults(log));
        var changed = JsonNode.Parse(log.GetRawText())!;
        var parts = path.Replace("[0]", ".0").Split('.')[1..];
        var parent = parts[..^1].Aggregate(changed, (node, part) => part == "0" ? node[0]! : node[part]!);
        parent[parts[^1]] = JsonNode.Parse(value);
        Assert.NotEmpty(SarifRules.Faults(JsonSerializer.SerializeToElement(changed)));
    }

    private static (JsonElement Log, IReadOnlyList<Diagnostic> Diagnostics) Report(string text, string file = "p/a.ulm", string folder = "/site")
    {
        SourceText[] sources = [new(file, text)];
        var diagnostics = PolicyCompiler.Compile(sources).Diagnostics;
        return (JsonDocument.Parse(SarifReport.Write(diagnostics, sources, folder)).RootElement, diagnostics);
    }

    private static JsonElement Run(JsonElement log) => log.GetProperty("runs")[0];

    private static string Place(JsonElement location)
    {
        var physical = location.GetProperty("physicalLocation");
        var region = physical.GetProperty("region");
        return $"{physical.GetProperty("artifactLocation").GetProperty("uri").GetString()} {region.GetProperty("startLine")}:{region.GetProperty("startColumn")}" +
            $"-{region.GetProperty("endLine")}:{region.GetProperty("endColumn")} {location.GetProperty("message").GetProperty("text").GetString()}";
    }
}
