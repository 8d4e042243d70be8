using System.Text.RegularExpressions;
using Ulm.Server.Tests.Commands;

namespace Ulm.Server.Tests.Testing;

/// <summary><c>docs/testing.md</c> does what it says, with no file but those that it shows.</summary>
public sealed class ManualPageTests
{
    [Fact]
    public async Task The_sample_of_the_page_passes_as_it_stands()
    {
        using var cli = new Cli();
        var page = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "testing.md"), TestContext.Current.CancellationToken);
        cli.Write("policies/relieve.ulm", Sample("").Match(page).Groups[1].Value);
        cli.Write("policies/three-hosts.site.json", Sample("json").Match(page).Groups[1].Value);

        var result = await cli.RunAsync("test", cli.In("policies"));

        Assert.Equal((0, "1 test passed, 0 failed\n", ""), (result.Exit, result.Out, result.Error));
    }

    private static Regex Sample(string language) => new($"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ulm.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
