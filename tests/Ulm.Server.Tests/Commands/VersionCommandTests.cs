namespace Ulm.Server.Tests.Commands;

public sealed class VersionCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Says_the_version_both_ways()
    {
        var text = await _cli.RunAsync("version");
        Assert.Equal(0, text.Exit);
        Assert.Matches(@"^ulm-server \d+\.\d+\.\d+\n$", text.Out);
        var json = (await _cli.RunAsync("version", "--format", "json")).Json;
        Assert.Equal("ulm.version/1", json.GetProperty("schema").GetString());
        Assert.Equal(text.Out.Trim(), "ulm-server " + json.GetProperty("version").GetString());
    }

    [Fact]
    public async Task An_unknown_command_is_an_error_and_leaves_the_results_clean()
    {
        var result = await _cli.RunAsync("bogus");
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("`bogus`", result.Error);
        Assert.Contains("`ulm-server --help` shows what there is\n", result.Error);
    }

    [Fact]
    public async Task Help_is_a_result()
    {
        var result = await _cli.RunAsync("simulate", "--help");
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Contains("--trace", result.Out);
    }
}
