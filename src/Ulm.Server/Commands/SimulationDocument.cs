using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ulm.Engine.Planning;
using Ulm.Server.Api;

namespace Ulm.Server.Commands;

/// <summary>A simulation as <c>simulate --format json</c> writes it.</summary>
/// <param name="Slav">SLATAH times PDM, both as fractions.</param>
/// <param name="Esv">Energy times SLAV.</param>
internal sealed record SimulationDocument(
    string Schema,
    int Steps,
    int Migrations,
    int HostPowerCycles,
    double EnergyKWh,
    double EnergyKWhWithoutPolicies,
    double SlatahPercent,
    double PdmPercent,
    double Slav,
    double Esv,
    double MeanHostsOn,
    ImmutableArray<SimulationDocument.Decision> Decisions,
    ImmutableArray<string> Violations,
    SortedDictionary<string, string> FinalPlacement,
    double WallSeconds)
{
    /// <summary>Sum over hosts of the hours they were off.</summary>
    public required double HostHoursOff { get; init; }

    /// <summary>What rules asked for and did not get, each reason of each rule once.</summary>
    public required ImmutableArray<Refused> NotDone { get; init; }

    /// <summary>What went wrong by <c>--faults</c>, in order; left out where nothing was to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<Fault>? Faults { get; init; }

    /// <summary>The run under the policies of <c>--compare</c>; left out where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SimulationDocument? Compared { get; init; }

    public static SimulationDocument Of(FinishedRun run)
    {
        var result = run.Result;
        var slav = result.Slatah * result.Pdm;
        return new SimulationDocument(
            "ulm.simulation/1", result.Steps, result.Migrations, result.HostPowerCycles, result.EnergyKWh, result.EnergyKWhWithoutPolicies,
            result.Slatah * 100, result.Pdm * 100, slav, result.EnergyKWh * slav, result.MeanHostsOn,
            [.. run.Log.Taken.Select(Decision.Of)], result.Violations,
            new SortedDictionary<string, string>(result.Final.Vms.ToDictionary(v => v.Name, v => v.Host), StringComparer.Ordinal),
            Math.Round(run.Wall.TotalSeconds, 3))
        {
            HostHoursOff = Math.Round(result.HostHoursOff, 3),
            NotDone = [.. run.Log.Refused.Select(r => new Refused(r.Code, r.Rule, r.Subject, r.Times, r.Why))],
            Faults = run.Settings.Faults.IsEmpty ? null : [.. result.Faults.Select(f => new Fault(TimeText.Utc(f.At), f.Subject, f.Text))],
        };
    }

    /// <param name="Subject">Of the first time, as <paramref name="Why"/>.</param>
    /// <param name="Times">How often it was asked for, of whatever subject.</param>
    public sealed record Refused(string Code, string Rule, string Subject, int Times, ImmutableArray<string> Why);

    /// <param name="Time">UTC.</param>
    public sealed record Fault(string Time, string Subject, string Text);

    /// <param name="Time">UTC, when the step was begun.</param>
    /// <param name="From">Of a move, with <paramref name="To"/>; null otherwise.</param>
    public sealed record Decision(string Time, string Rule, string Action, string Subject, string? From, string? To, string Reason)
    {
        public static Decision Of(TakenDecision taken)
        {
            var move = taken.Step.Action as PlannedAction.Migrate;
            return new Decision(
                TimeText.Utc(taken.At), taken.Step.Rule, ActionText.Kind(taken.Step.Action), ActionText.Subject(taken.Step.Action), move?.From, move?.To, taken.Step.Reason);
        }
    }
}
