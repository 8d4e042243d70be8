using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Server.Commands;
using Ulm.Server.Hosting;

namespace Ulm.Server.Api.Manual;

/// <summary>A hold that somebody wants set or ended; <c>POST /api/v1/holds</c>.</summary>
/// <param name="Subject"><c>host/h3</c>, <c>vm/web1</c>, or a name that only one of the two has.</param>
/// <param name="End">End the hold that is there; then <paramref name="For"/> is not given.</param>
public sealed record HoldRequest(string? Subject, string? For, string? Because, bool End, string? OnBehalfOf, bool DryRun);

/// <summary>What became of it: <c>ulm.hold/1</c>.</summary>
/// <param name="Outcome"><c>set</c>, <c>replaced</c>, <c>ended</c> or <c>nothingToDo</c>.</param>
/// <param name="Hold">The one that is set, or that was ended.</param>
/// <param name="Before">The one that it took the place of.</param>
public sealed record HoldDocument(string Schema, string Subject, bool DryRun, string Outcome, HoldDocument.Held? Hold, HoldDocument.Held? Before)
{
    public const string SchemaName = "ulm.hold/1";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public sealed record Held(string Subject, string By, string Because, DateTimeOffset Since, DateTimeOffset Until)
    {
        internal static Held Of(OperatorHold hold) => new(hold.Subject.ToString(), hold.By, hold.Because, hold.Since, hold.Until);
    }

    internal static Task<HoldDocument> OrderAsync(RunningEngine engine, HoldRequest request, string by, CancellationToken ct) => engine.AskAsync(
        async loop =>
        {
            var facts = loop.FactsNow();
            var name = request.Subject ?? "";
            var subject = request.End ? HeldSubject(name, facts) ?? SiteNaming.HostOrVm(facts.Site, name) : SiteNaming.HostOrVm(facts.Site, name);
            var before = facts.Holds.GetValueOrDefault(subject);
            if (request.End)
            {
                if (before is null) return Of(subject, request.DryRun, "nothingToDo", null, null);
                if (!request.DryRun) await loop.Operators.EndHoldAsync(before, by, request.Because);
                return Of(subject, request.DryRun, "ended", before, null);
            }

            var hold = new OperatorHold(subject, by, Reason(request), facts.At, facts.At + Time(request));
            if (!request.DryRun) await loop.Operators.HoldAsync(hold);
            return Of(subject, request.DryRun, before is null ? "set" : "replaced", hold, before);
        },
        ct);

    /// <summary>What is held may be gone from the site, and its hold be in the way all the same.</summary>
    private static SubjectRef? HeldSubject(string name, SiteFacts facts) =>
        facts.Holds.Keys.Where(s => s.ToString() == name || s.Name == name).Take(2).ToList() is [var only] ? only : null;

    private static string Reason(HoldRequest request) => !string.IsNullOrWhiteSpace(request.Because) ? request.Because.Trim()
        : throw new CommandFailedException("--because: a hold needs a reason, for those who meet it; write --because \"TEXT\"");

    private static TimeSpan Time(HoldRequest request) => request.For is { } time ? TimeText.Duration(time, "--for", TimeSpan.FromMinutes(1), Longest)
        : throw new CommandFailedException("--for: a hold needs an end; write --for 2h");

    private static HoldDocument Of(SubjectRef subject, bool dryRun, string outcome, OperatorHold? hold, OperatorHold? before) =>
        new(SchemaName, subject.ToString(), dryRun, outcome, hold is null ? null : Held.Of(hold), before is null ? null : Held.Of(before));
}
