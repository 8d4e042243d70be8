using Ulm.Server.Explanations;

namespace Ulm.Server.Tests.Commands;

public sealed class ExplainCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("ULM1201")]
    [InlineData("ulm1201")]
    [InlineData("1201")]
    public async Task A_code_is_explained_in_plain_text(string code)
    {
        var result = await _cli.RunAsync("explain", code);
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Equal("""
            error ULM1201: A modifier written twice

            A rule has at most one `until` and one `cooldown`.

                when host.cpu > 75% then balance cooldown 10m cooldown 1h

            Keep one of the two. Two conditions for `until` are joined with `and` or `or`.

                when host.cpu > 75% then balance cooldown 1h

            """, result.Out);
    }

    [Theory]
    [InlineData("ULM6203", "refusal ULM6203: Not enough memory on a host\n")]
    [InlineData("ULM1903", "warning ULM1903: A tag that no VM of the site has\n")]
    public async Task Refusals_and_names_of_a_site_are_explained_too(string code, string heading) =>
        Assert.StartsWith(heading, (await _cli.RunAsync("explain", code)).Out);

    [Theory]
    [InlineData("ULM1205", "did you mean ULM1201, ULM1202 or ULM1203?")]
    [InlineData("UML6203", "did you mean ULM6203?")]
    [InlineData("memory", "`ulm-server explain` lists all codes")]
    [InlineData("", "`ulm-server explain` lists all codes")]
    public async Task Of_an_unknown_code_the_nearest_are_offered(string code, string help)
    {
        var result = await _cli.RunAsync("explain", code);
        Assert.Equal((1, "", $"ulm-server: there is no code `{code}`; {help}\n"), (result.Exit, result.Out, result.Error));
    }

    [Fact]
    public async Task The_help_names_the_argument_and_shells_know_the_codes()
    {
        foreach (var help in new[] { await _cli.RunAsync("explain", "--help"), await _cli.RunAsync("--help") })
        {
            Assert.Contains("<CODE>", help.Out);
            Assert.DoesNotContain("ULM0002", help.Out);
            Assert.All(help.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 400));
        }

        foreach (var shell in new[] { "bash", "zsh", "fish" }) Assert.Contains("ULM0002", (await _cli.RunAsync("completion", shell)).Out);
    }

    [Fact]
    public async Task Json_has_the_page_and_what_is_known_of_the_code()
    {
        var json = (await _cli.RunAsync("explain", "ulm3001", "--format", "json")).Json;
        Assert.Equal("ulm.explanation/1", json.GetProperty("schema").GetString());
        Assert.Equal("ULM3001", json.GetProperty("code").GetString());
        Assert.Equal("Hosts are powered off, and nothing keeps any on", json.GetProperty("title").GetString());
        Assert.Equal(("warning", "safety"), (json.GetProperty("severity").GetString(), json.GetProperty("category").GetString()));
        Assert.Contains("```ulm\nalways keep 2 hosts on\n", json.GetProperty("text").GetString());
        var refusal = (await _cli.RunAsync("explain", "ULM6201", "--format", "json")).Json;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, refusal.GetProperty("severity").ValueKind);
    }

    [Fact]
    public async Task Without_a_code_all_are_listed()
    {
        var text = await _cli.RunAsync("explain");
        Assert.Equal((0, ""), (text.Exit, text.Error));
        Assert.Equal(ExplanationCatalogue.All.Length, text.Out.Count(c => c == '\n'));
        Assert.Contains("\nULM1201  error    A modifier written twice\n", text.Out);
        Assert.Contains("\nULM6203  refusal  Not enough memory on a host\n", text.Out);
        var json = (await _cli.RunAsync("explain", "--format", "json")).Json;
        Assert.Equal("ulm.explanations/1", json.GetProperty("schema").GetString());
        Assert.Equal(ExplanationCatalogue.All.Select(e => e.Code), json.GetProperty("explanations").EnumerateArray().Select(e => e.GetProperty("code").GetString()));
    }
}
