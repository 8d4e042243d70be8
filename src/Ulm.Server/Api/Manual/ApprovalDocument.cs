using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Server.Hosting;

namespace Ulm.Server.Api.Manual;

/// <summary>Somebody's word on a plan that waits for it; <c>POST /api/v1/plans</c>.</summary>
public sealed record ApprovalRequest(string Plan, bool Approve, string? Because, string? OnBehalfOf, bool DryRun);

/// <summary>What became of it: <c>ulm.approval/1</c>.</summary>
/// <param name="Outcome"><c>approved</c>, <c>rejected</c> or <c>refused</c>.</param>
/// <param name="WhyNot">Of a refusal: what speaks against it, such as what has changed on the site since.</param>
/// <param name="Steps">That are done, or would be.</param>
public sealed record ApprovalDocument(string Schema, string Plan, bool DryRun, string Outcome, string? WhyNot, ImmutableArray<PlanDocument.Step> Steps)
{
    public const string SchemaName = "ulm.approval/1";

    internal static Task<ApprovalDocument> AnswerAsync(RunningEngine engine, ApprovalRequest request, string by, CancellationToken ct) => engine.AskAsync(
        async loop =>
        {
            var plan = loop.Operators.PendingPlans.FirstOrDefault(p => p.Id == request.Plan);
            var not = request.DryRun ? (request.Approve ? loop.Operators.WhyNotApproved(request.Plan) : loop.Operators.WhyNotRejected(request.Plan))
                : request.Approve ? await loop.Operators.ApproveAsync(request.Plan, by) : await loop.Operators.RejectAsync(request.Plan, by, request.Because);
            return new ApprovalDocument(
                SchemaName, request.Plan, request.DryRun, not is not null ? "refused" : request.Approve ? "approved" : "rejected", not, plan is null ? [] : PlanDocument.Of(plan.Plan).Steps);
        },
        ct);
}

/// <summary>Plans that wait for approval: <c>ulm.pending/1</c>.</summary>
public sealed record PendingDocument(string Schema, ImmutableArray<PendingDocument.Waiting> Plans)
{
    /// <summary>To be called on the engine's thread.</summary>
    internal static PendingDocument Of(ControlLoop loop) => new("ulm.pending/1", AllOf(loop, loop.FactsNow()));

    internal static ImmutableArray<Waiting> AllOf(ControlLoop loop, SiteFacts facts) => [.. loop.Operators.PendingPlans.Select(p => new Waiting(
        p.Id, p.Plan.At, p.Expires, p.Plan.FactsHash, [.. p.Plan.Steps.Select(s => $"{s.Rule}: {s.Action} ({s.Reason})")],
        p.Plan.FactsHash == FactsHash.Of(facts) ? null : SiteChanges.Between(p.Site, facts.Site)))];

    /// <param name="FactsHash">Of the site that it rests on.</param>
    /// <param name="Moved">What has changed on the site since, so that it can't be approved; null: nothing.</param>
    public sealed record Waiting(string Id, DateTimeOffset At, DateTimeOffset Expires, string FactsHash, ImmutableArray<string> Steps, string? Moved);
}
