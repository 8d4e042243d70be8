using Ulm.Dsl;
using Ulm.Engine.Schedules;
using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>The two sentences that ULM began with, letter for letter. (What they do, <see cref="MainJobTests"/> shows in shorter times.)</summary>
public sealed class FoundingSentencesTests(LabSite lab) : LabTest(lab)
{
    private const string Sentences = """
        when host.cpu > 75% for 10m then evacuate heaviest fitting vm
        at 20:00 weekdays consolidate and power off idle hosts
        """;

    protected override int Hosts => 1;

    [Fact]
    public async Task A_server_takes_them_alone_in_a_file()
    {
        using var setup = await UlmSetup.OfAsync(Lab, Sentences);
        await using var server = await UlmServer.StartAsync(setup);
        Assert.Equal([$"{setup.Policies}/site.ulm:1", $"{setup.Policies}/site.ulm:2"],
            (await server.StatusAsync()).Rules.Select(r => string.Join(':', r.Location.Split(':')[..2])));
        await server.StopAsync();
    }

    [Theory]
    [InlineData("2026-11-20T19:59:59", "2026-11-20T20:00:00")]   // a Friday
    [InlineData("2026-11-20T20:00:00", "2026-11-23T20:00:00")]   // and then not before Monday
    [InlineData("2026-11-21T12:00:00", "2026-11-23T20:00:00")]
    public void The_evening_comes_on_working_days_in_the_sites_own_time(string from, string expected)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");
        var evening = PolicyCompiler.Compile([new SourceText("founding.ulm", Sentences)]).Policies.Rules[1];
        Assert.Equal(Local(expected), ScheduleCalculator.Next(evening.Trigger, Local(from), zone));

        DateTimeOffset Local(string text) => new(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(1));
    }
}
