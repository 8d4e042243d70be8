using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ulm.Dsl.Policies;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Server.Commands;
using Ulm.Server.Hosting;
using Ulm.Server.Schedules;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Api;

/// <summary>What a running server answers over its socket. All of it reads; commands that act come with their own endpoints.</summary>
internal static class Endpoints
{
    public const string Status = "/api/v1/status";
    public const string Plan = "/api/v1/plan";

    /// <summary>With <c>?seen=true</c> without hosts that have not answered yet. With <c>?munin=true</c> the fields of all munin-nodes too, which have to be asked for them.</summary>
    public const string Site = "/api/v1/site";
    public const string Values = "/api/v1/values";
    public const string Schedule = "/api/v1/schedule";
    public const string Explain = "/api/v1/explain";

    public static void Map(IEndpointRouteBuilder routes, RunningEngine engine)
    {
        routes.MapGet(Status, async () => Json(await engine.AskAsync(loop => StatusDocument.Of(loop, engine))));
        routes.MapGet(Plan, () => AnswerAsync(async () => Json(await engine.AskOfSiteAsync(loop =>
            PlanDocument.Of(Preview.OfRunning(loop.Look, loop.FactsNow(), engine.Options.Limits).Plan, loop.FactsNow().Site).On(loop.FactsNow(), loop.Look.Reads, loop.Faults)))));
        routes.MapGet(Site, (bool? munin, bool? seen, CancellationToken ct) => AnswerAsync(async () =>
        {
            var fields = munin == true ? await engine.MuninFields(ct) : [];
            // Where no node answered, which fields there are is not known; that is not the same as none.
            return Results.Text(await engine.AskOfSiteAsync(loop => SnapshotWriter.Write(loop.FactsNow(), fields.IsEmpty ? null : fields, seen == true)), "application/json");
        }));
        routes.MapGet(Values, async (string? attribute) => PolicyAttribute.Find(attribute ?? "") is { } known
            ? Json(await engine.AskAsync(loop => ValuesDocument.Of(known, loop.FactsNow())))
            : RefusedDocument.Answer($"there is no attribute `{attribute}`"));
        routes.MapGet(Schedule, (string? from, int? count, string[] rule) => ScheduleAsync(engine, from, count, rule));
        routes.MapGet(Explain, (string rule, string? subject, int? most) => ExplainAsync(engine, rule, subject, most));
        JournalEndpoints.Map(routes, engine);
    }

    private static Task<IResult> ScheduleAsync(RunningEngine engine, string? from, int? count, string[] rules) => AnswerAsync(async () => Json(await engine.AskAsync(loop =>
    {
        var only = rules.Length == 0 ? null : rules;
        if (ScheduleCommand.FaultOf(loop.Look.Policies, only) is { } fault) throw new CommandFailedException(fault);
        var facts = loop.FactsNow();
        var after = from is null ? facts.At : TimeText.Parse(from, "--from", loop.Zone);
        return ScheduleDocument.Of(loop.Look.Policies, loop.Zone, after, Math.Clamp(count ?? ScheduleCommand.DefaultCount, 1, ScheduleCommand.MostTimes), HaveOnLeads.OfRunning(facts), only);
    })));

    private static Task<IResult> ExplainAsync(RunningEngine engine, string rule, string? subject, int? most) => AnswerAsync(async () =>
    {
        var explained = await engine.AskOfSiteAsync(loop =>
            RuleExplanationDocument.Of(loop.Look, loop.FactsNow(), loop.Zone, rule, subject, Math.Clamp(most ?? ExplainRule.MostShown, 1, ExplainRule.MostInJson)));
        var lately = new JournalQuery(RuleExplanationDocument.MostLately) { Rule = rule, Subject = subject is null ? null : explained.Subjects[0].Subject };
        return Json(explained with { Lately = [.. await engine.Store.FindAsync(lately, default)] });
    });

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (CommandFailedException e)
        {
            return RefusedDocument.Answer(e.Message);
        }
    }

    private static IResult Json<T>(T document) => Results.Json(document, CommonOptions.Json);
}
