using System.Runtime.CompilerServices;
using Ulm.Server.Tests.Commands;

namespace Ulm.Server.Tests.Testing;

/// <summary>The samples of <c>policies/</c> do what their own tests say, and no rule in them is there untested.</summary>
public sealed class SamplePolicyTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Every_sample_passes_its_tests_and_every_rule_is_exercised()
    {
        var result = await _cli.RunAsync("test", "--each", "--coverage-required", Folder());
        Assert.True(result.Exit == 0, result.Out + result.Error);
    }

    [Fact]
    public async Task Together_they_are_without_a_warning()
    {
        var result = await _cli.RunAsync("validate", "--deny-warnings", Folder());
        Assert.True(result.Exit == 0, result.Out + result.Error);
    }

    [Fact]
    public async Task Every_sample_is_laid_out_as_fmt_lays_it_out() =>
        Assert.Equal(0, (await _cli.RunAsync("fmt", "--check", Folder())).Exit);

    [Fact]
    public void Every_sample_has_tests() => Assert.All(
        Directory.GetFiles(Folder(), "*.ulm"), f => Assert.Contains("\ntest \"", File.ReadAllText(f)));

    private static string Folder([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(File.Exists(here) ? here : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ulm.sln"))) folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new InvalidOperationException("The tests run outside the repository."), "policies");
    }
}
