using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ulm.Engine.Inventory;
using Ulm.Server.Tests.Commands;

namespace Ulm.Server.Tests.Testing;

/// <summary>Pages of the manual do what they say, with no file but those that they show.</summary>
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

    [Fact]
    public async Task The_site_and_the_trace_of_the_page_on_simulation_are_simulated_as_they_stand()
    {
        using var cli = new Cli();
        var page = Site(await PageAsync());
        var site = cli.Write("a.site.json", Sample("json").Match(page).Groups[1].Value);
        var trace = cli.Write("a.tsv", Sample("tsv").Match(page).Groups[1].Value.Replace("<tab>", "\t"));

        var result = await cli.RunAsync("simulate", "--policies", cli.Write("p.ulm", "at 20:00 balance by cpu to within 10%\n"), "--site", site, "--trace", trace);

        Assert.Equal((0, ""), (result.Exit, result.Error));
    }

    [Fact]
    public async Task So_are_its_faults_on_its_site()
    {
        using var cli = new Cli();
        var page = await PageAsync();
        var site = cli.Write("a.site.json", Sample("json").Match(Site(page)).Groups[1].Value);
        var faults = cli.Write("faults.json", Sample("json").Match(page[page.IndexOf("## Faults", StringComparison.Ordinal)..]).Groups[1].Value);

        var result = await cli.RunAsync("simulate", "--policies", cli.Write("p.ulm", "at 20:00 balance by cpu to within 10%\n"), "--site", site, "--faults", faults);

        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Contains("host h1 crashes, for 20m", result.Out);
    }

    /// <summary>The message for a field that there is not names all there are.</summary>
    [Theory]
    [InlineData("$", "The file")]
    [InlineData("$.hosts[0]", "A host")]
    [InlineData("$.hosts[0].power", "A host's `power`")]
    [InlineData("$.vms[0]", "A VM")]
    public async Task The_page_on_simulation_has_every_field_of_a_site(string place, string heading)
    {
        using var cli = new Cli();
        var page = Site(await PageAsync());
        var document = JsonNode.Parse(Sample("json").Match(page).Groups[1].Value)!;
        var spoilt = place.Split('.', '[', ']').Skip(1).Where(p => p.Length > 0).Aggregate(document, (node, part) => int.TryParse(part, out var index) ? node[index]! : node[part]!);
        spoilt["xyzzy"] = 1;

        var error = (await cli.RunAsync("simulate", "--policies", cli.Write("p.ulm", "at 20:00 balance\n"), "--site", cli.Write("a.site.json", document.ToJsonString()))).Error;

        var known = Regex.Matches(error[error.IndexOf("known are", StringComparison.Ordinal)..].Split('\n')[0], "`(\\w+)`").Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(known);
        var table = page[page.IndexOf($"**{heading}**", StringComparison.Ordinal)..];
        var rows = Regex.Matches(table.Split("\n**")[0].Split("\n## ")[0], "^\\| `(\\w+)` \\|", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
        Assert.Equal(known.Order(), rows.Order());
    }

    [Fact]
    public async Task The_page_on_simulation_has_every_state_of_a_host()
    {
        var page = Site(await PageAsync());
        Assert.All(Enum.GetNames<HostState>(), s => Assert.Contains($"`{JsonNamingPolicy.CamelCase.ConvertName(s)}`", page));
    }

    private static Task<string> PageAsync() => File.ReadAllTextAsync(Path.Combine(Root(), "docs", "simulation.md"), TestContext.Current.CancellationToken);

    /// <summary>What it says of sites and traces.</summary>
    private static string Site(string page) => page[page.IndexOf("## The site", StringComparison.Ordinal)..page.IndexOf("## Your own history", StringComparison.Ordinal)];

    private static Regex Sample(string language) => new($"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Ulm.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
