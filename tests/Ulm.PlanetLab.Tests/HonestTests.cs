using Ulm.PlanetLab.Honest;

namespace Ulm.PlanetLab.Tests;

/// <summary>ULM's own policies where VMs stay and hold their memory. All days: <c>dotnet run --project bench/planetlab -c Release -- honest</c>.</summary>
public class HonestTests
{
    [Theory]
    [InlineData("20110303", 329)]
    [InlineData("20110306", 282)]
    [InlineData("20110409", 425)]
    public void The_memory_of_a_days_vms_needs_so_many_hosts(string day, int hosts) => Assert.Equal(hosts, MemoryMinimum.Of(TraceDay.Read(day)));

    [Theory]
    [InlineData("20110303", 882.14, 559)]
    [InlineData("seed-1", 848.78, 568)]
    public async Task A_day_is_packed_near_the_memory_minimum_with_less_energy_and_fewer_moves_than_the_reference(string name, double referenceKWh, int referenceMoves)
    {
        var day = TraceDay.Named([name]).Single();

        var result = await HonestResult.OfAsync(day, HostSwitching.Free, HonestCommand.Policies);

        Assert.Equal((0, 0.0), (result.Violations, result.SaturatedPercent));
        Assert.InRange(result.MeanHostsOn, MemoryMinimum.Of(day), 1.03 * MemoryMinimum.Of(day));
        Assert.True(result.EnergyKWh <= 0.9 * referenceKWh, $"{result}");
        Assert.True(result.LaterMoves < referenceMoves, $"{result}");
    }

    [Fact]
    public void A_day_that_never_was_is_the_same_for_a_seed()
    {
        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));

        static string Text(int seed) => string.Join('\n', TraceDay.Synthetic(seed).Rows.Select(r => $"{r.Name} {string.Join(' ', r.Percent)}"));
    }
}
