using System.Text.RegularExpressions;
using Ulm.Dsl.Diagnostics;
using Ulm.Engine.Planning;
using Ulm.Server.Commands;
using Ulm.Server.Explanations;
using Ulm.Server.Testing;
using Ulm.Server.Tests.Commands;

namespace Ulm.Server.Tests.Explanations;

public sealed partial class ExplanationPagesTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    public static TheoryData<string> SiteCodes => [.. SiteNames.All.Select(d => d.Code)];

    public static TheoryData<string> TestCodes => [.. TestFaults.All.Select(d => d.Code)];

    public static TheoryData<string> RefusalCodes => [.. Enum.GetValues<RefusalCode>().Select(Refusal.Text)];

    /// <summary>What the journal says of firings that nothing came of and that no code is for.</summary>
    private static readonly string[] Outcomes = ["missed", "outvoted", "withheld"];

    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code()
    {
        var codes = DiagnosticCatalogue.All.Concat(SiteNames.All).Concat(ConfigNames.All).Concat(TestFaults.All).Select(d => d.Code).Concat(Enum.GetValues<RefusalCode>().Select(Refusal.Text)).Concat(Outcomes);
        Assert.Equal(codes.Order(StringComparer.Ordinal), ExplanationCatalogue.All.Select(e => e.Code));
    }

    [Fact]
    public void Every_code_that_the_server_writes_down_is_one_of_them()
    {
        var written = Directory.GetFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Value)).Distinct().ToList();
        Assert.Contains("ULM1901", written);
        Assert.Empty(written.Except(ExplanationCatalogue.All.Select(e => e.Code)));
    }

    [Theory]
    [MemberData(nameof(SiteCodes))]
    public async Task A_page_about_the_names_of_a_site_shows_what_it_speaks_of(string code)
    {
        var page = ExplanationCatalogue.Find(code)!;
        Assert.Equal(SiteNames.All.Single(d => d.Code == code).Title, page.Title);
        var samples = Sample().Matches(page.Text).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(2, samples.Count);
        Assert.Equal([code], await CodesAsync(samples[0]));
        Assert.Empty(await CodesAsync(samples[1]));
    }

    [Theory]
    [InlineData("ULM1910")]
    [InlineData("ULM1911")]
    public async Task A_page_about_the_names_of_a_configuration_shows_what_it_speaks_of(string code)
    {
        var page = ExplanationCatalogue.Find(code)!;
        Assert.Equal(ConfigNames.All.Single(d => d.Code == code).Title, page.Title);
        var config = _cli.WriteConfigWithHookAndChannel();
        var found = new List<string[]>();
        foreach (Match sample in Sample().Matches(page.Text))
        {
            var result = await _cli.RunAsync("validate", "--config", config, _cli.Write("a.ulm", sample.Groups[1].Value), "--format", "json");
            found.Add([.. result.Json.GetProperty("diagnostics").EnumerateArray().Select(d => d.GetProperty("code").GetString()!)]);
        }

        Assert.Equal([[code], []], found);
    }

    [Theory]
    [MemberData(nameof(TestCodes))]
    public async Task A_page_about_what_a_test_finds_wrong_shows_what_it_speaks_of(string code)
    {
        var page = ExplanationCatalogue.Find(code)!;
        Assert.Equal(TestFaults.All.Single(d => d.Code == code).Title, page.Title);
        _cli.Write("three-hosts.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")));
        var found = new List<string[]>();
        foreach (Match sample in Sample().Matches(page.Text))
        {
            var result = await _cli.RunAsync("test", _cli.Write("a.ulm", sample.Groups[1].Value), "--format", "json");
            found.Add([.. result.Json.GetProperty("faults").EnumerateArray().Select(d => d.GetProperty("code").GetString()!)]);
        }

        Assert.Equal([[code], []], found);
    }

    [Theory]
    [MemberData(nameof(RefusalCodes))]
    public void A_page_about_a_refusal_says_what_is_shown_and_what_can_be_done(string code)
    {
        var page = ExplanationCatalogue.Find(code)!;
        Assert.Null(page.Descriptor);
        var paragraphs = page.Text.Split("\n\n");
        Assert.True(paragraphs.Length >= 3, "what it means, what the reason shows, what to do");
        Assert.Contains("reason", paragraphs[1]);
    }

    [Fact]
    public void A_page_uses_no_more_markdown_than_the_terminal_shows() => Assert.All(ExplanationCatalogue.All, e =>
    {
        Assert.DoesNotContain("](", e.Text);
        Assert.DoesNotContain("**", e.Text);
        Assert.All(e.Text.Split('\n'), l => Assert.False(l.StartsWith("##", StringComparison.Ordinal) || l.StartsWith('|') || l.StartsWith("* ", StringComparison.Ordinal), l));
    });

    private async Task<string[]> CodesAsync(string policy)
    {
        var result = await _cli.RunAsync("validate", _cli.Write("a.ulm", policy), "--against", Cli.Data("three-hosts.site.json"), "--format", "json");
        return [.. result.Json.GetProperty("diagnostics").EnumerateArray().Select(d => d.GetProperty("code").GetString()!)];
    }

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(File.Exists(here) ? here : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ulm.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests run outside the repository.");
    }

    [GeneratedRegex(@"ULM\d{4}")]
    private static partial Regex Code();

    [GeneratedRegex(@"^```ulm\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();
}
