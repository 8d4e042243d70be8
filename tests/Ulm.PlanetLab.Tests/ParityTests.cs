using Ulm.PlanetLab.Reference;

namespace Ulm.PlanetLab.Tests;

/// <summary>The known experiment on ULM's clock, power curves and accounts. All days: <c>dotnet run --project bench/planetlab -c Release -- parity</c>.</summary>
public class ParityTests
{
    private const string SmallestDay = "20110306";

    [Theory]
    [InlineData("THR-MMT-0.8")]
    [InlineData("LR-MMT-1.2")]
    [InlineData(ReferenceRun.NoMoves)]
    public void A_day_comes_out_as_in_the_simulator_it_was_published_with(string policy)
    {
        var known = KnownFigures.Published.Single(k => k.Day == SmallestDay && k.Policy == policy);

        var result = ReferenceRun.Of(TraceDay.Read(SmallestDay), policy, ReferenceRules.Published);

        Assert.Equal(known.EnergyKWh, result.EnergyKWh, 0.005);
        Assert.Equal(known.Migrations, result.Migrations);
        Assert.True(ParityCommand.IsSame(result, known), $"{result} is not {known}");
    }

    /// <summary>The simulator with its two shortcuts taken out, measured: VMs stay, and hold their memory.</summary>
    [Fact]
    public void The_same_policy_on_vms_that_stay_and_hold_memory()
    {
        var result = ReferenceRun.Of(TraceDay.Read(SmallestDay), "THR-MMT-0.8", ReferenceRules.Honest);

        Assert.Equal((753.45, 541, 475, 325.1), (Math.Round(result.EnergyKWh, 2), result.Migrations, result.Shutdowns, Math.Round(result.MeanHostsOn, 1)));
    }

    [Theory]
    [InlineData("20110303", 1052, "0..399 -> 1..799; 400..525 -> 527..777; 526..925 -> 0..798; 926..1051 -> 526..776")]
    [InlineData("20110306", 898, "0..399 -> 1..799; 400..449 -> 451..549; 450..849 -> 0..798; 850..897 -> 450..544")]
    [InlineData("20110409", 1358, "0..399 -> 1..799; 400..459 -> 681..799; 460..679 -> 1..439; 680..1079 -> 0..798; 1080..1139 -> 680..798; 1140..1357 -> 0..434")]
    public void Vms_begin_where_the_experiment_puts_them(string day, int vms, string runs)
    {
        var placement = StartPlacement.Of(TraceDay.Read(day));

        Assert.Equal(vms, placement.Count);
        Assert.Equal(runs, string.Join("; ", Runs(placement)));
    }

    /// <summary>Stretches of VMs whose hosts go up by two.</summary>
    private static IEnumerable<string> Runs(IReadOnlyList<int> placement)
    {
        for (var from = 0; from < placement.Count;)
        {
            var to = from;
            while (to + 1 < placement.Count && placement[to + 1] == placement[to] + 2) to++;
            yield return $"{from}..{to} -> {placement[from]}..{placement[to]}";
            from = to + 1;
        }
    }
}
