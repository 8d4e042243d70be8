using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;
using Ulm.Server.Policies;

namespace Ulm.Server.Reports;

/// <param name="Paths">The policies as they were named on the command line.</param>
internal sealed record RunSource(IReadOnlyList<string> Paths, PolicyFiles Files, FinishedRun Run);

/// <summary>One run as the report's data block has it.</summary>
/// <param name="Totals">As <c>simulate --format json</c> writes it, without what differs from one time to the next.</param>
internal sealed record ReportedRun(
    string Label,
    ImmutableArray<ReportedRun.Policy> Policies,
    JsonObject Totals,
    RunSeries Series,
    ImmutableArray<ReportedRun.Refusal> Refusals,
    ImmutableArray<ReportedRun.Failure> Failures)
{
    /// <summary>A refusal may have a reason for each of a thousand hosts; the first ones say what they are like.</summary>
    private const int MostReasons = 12;

    public static ReportedRun Of(RunSource source, string label)
    {
        var (settings, log) = (source.Run.Settings, source.Run.Log);
        var totals = JsonSerializer.SerializeToNode(SimulationDocument.Of(source.Run), CommonOptions.Json)!.AsObject();
        totals.Remove("wallSeconds");
        return new ReportedRun(
            label, [.. source.Files.Sources.Select(s => new Policy(Path.GetFileName(s.Name), s.Text))], totals, source.Run.Series!,
            [.. log.Refused.OrderByDescending(r => r.Times).ThenBy(r => r.Rule, StringComparer.Ordinal).ThenBy(r => r.Code, StringComparer.Ordinal).Select(Refusal.Of)],
            // What is under way at the end is cut off there; that says nothing about the policies.
            [.. log.Failures.Where(f => f.At < settings.From + settings.Duration).Select(Failure.Of)]);
    }

    public sealed record Policy(string Name, string Text);

    /// <param name="Why">The first reasons of the first time.</param>
    /// <param name="MoreReasons">How many there were beside those.</param>
    public sealed record Refusal(string Code, string Rule, string Subject, int Subjects, int Times, ImmutableArray<string> Why, int MoreReasons)
    {
        public static Refusal Of(RepeatedRefusal r) => new(
            r.Code, r.Rule, r.Subject, r.Subjects.Count, r.Times, [.. r.Why.Take(MostReasons)], Math.Max(0, r.Why.Length - MostReasons));
    }

    /// <summary>A step that was begun and did not succeed.</summary>
    public sealed record Failure(string Time, string Rule, string Subject, string Outcome, string Reason)
    {
        public static Failure Of(JournalEntry e) => new(TimeText.Utc(e.At), e.Rule ?? "", e.Subject ?? "", e.Outcome ?? "failed", e.Text);
    }
}
