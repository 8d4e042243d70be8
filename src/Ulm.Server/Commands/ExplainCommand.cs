using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Explanations;

namespace Ulm.Server.Commands;

/// <summary><c>explain</c>: what a code means and what to do about it; why a rule does what it does.</summary>
public static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var format = CommonOptions.Format();
        var code = new Argument<string?>("CODE") { Description = "A code such as ULM1103 or ULM6203; all codes are listed if none is given", HelpName = "CODE", Arity = ArgumentArity.ZeroOrOne };
        code.CompletionSources.Add([.. ExplanationCatalogue.All.Select(e => e.Code)]);
        var rule = new Option<string>("--rule") { Description = "Explain why this rule fires or does not, now", HelpName = "NAME" };
        var subject = new Option<string>("--subject") { Description = "With --rule: of this host, VM or cluster only", HelpName = "host/h3" };
        var decision = new Option<string>("--decision") { Description = "Explain this decision from the journal: what it rested on, what was planned, refused and done", HelpName = "ID" };
        var replay = new Option<bool>("--replay") { Description = "With --decision and --store: take the look it was made at again from what is kept of it, and say whether the same comes of it" };
        var store = CommonOptions.Store();
        var (policies, site, at) = (FileOptions.Policies(required: false), FileOptions.Site(required: false), FileOptions.Time("--at", "With --policies and --site: as of this time; now, if not given"));
        var config = FileOptions.Config("with --site, its policies, if none are named, limits, mode, time zone and polling interval");
        var (zone, socket) = (FileOptions.Zone(), CommonOptions.Socket());
        var command = new Command("explain", "Explain a diagnostic or a refusal: what it means, and what to do about it; with --rule, why a rule of the running server, or of files on a snapshot, fires or does not; with --decision, one decision from the journal.")
        {
            code, rule, subject, decision, policies, site, config, at, zone, socket, store, replay, format,
        };
        command.SetAction(async (result, ct) =>
        {
            if (new object?[] { result.GetValue(code), result.GetValue(rule), result.GetValue(decision) }.Count(g => g is not null) > 1)
                throw new CommandFailedException("explain takes one of a code, --rule and --decision");
            if (result.GetValue(decision) is { } id)
            {
                using var journal = JournalSource.Open(result.GetValue(store), result.GetValue(socket)!);
                var explained = await DecisionExplanation.FindAsync(id, journal.FindAsync, ct);
                if (result.GetValue(replay)) explained = explained with { Replay = await journal.ReplayAsync(explained, ct) };
                return ExplainDecision(terminal, explained, result.GetValue(format));
            }

            if (result.GetValue(replay)) throw new CommandFailedException("--replay goes with --decision");
            if (result.GetValue(rule) is { } asked)
            {
                if (result.GetValue(store) is { } file)
                {
                    using var journal = JournalSource.Open(file, "");
                    return await ExplainRule.OfJournalAsync(terminal, journal, asked, result.GetValue(subject), result.GetValue(format), ct);
                }

                return (result.GetValue(policies), result.GetValue(site), result.GetValue(config)) switch
                {
                    (var paths, { } snapshot, var toml) when toml is not null || paths is { Length: > 0 } => ExplainRule.OfFiles(
                        terminal, asked, result.GetValue(subject), paths, snapshot, FileOptions.Server(toml, result.GetValue(zone)), result.GetValue(at), result.GetValue(format)),
                    (null or { Length: 0 }, null, null) when result.GetValue(at) is not null || result.GetValue(zone) is not null =>
                        throw new CommandFailedException(FileOptions.OfNow("explain --rule")),
                    (null or { Length: 0 }, null, null) => await ExplainRule.OfServerAsync(terminal, asked, result.GetValue(subject), result.GetValue(socket)!, result.GetValue(format), ct),
                    _ => throw new CommandFailedException("explain --rule takes --site with --policies, --config or both, or none of them to ask the running server"),
                };
            }

            if (result.GetValue(subject) is not null) throw new CommandFailedException("--subject goes with --rule");
            var json = result.GetValue(format) == OutputFormat.Json;
            if (result.GetValue(code) is not { } given)
            {
                if (json) terminal.Out.WriteLine(JsonSerializer.Serialize(ExplanationListDocument.Of(ExplanationCatalogue.All), CommonOptions.Json));
                else PrintAll(terminal);
                return ExitCode.Clean;
            }

            var explanation = ExplanationCatalogue.Find(given) ?? throw Unknown(given);
            if (json) terminal.Out.WriteLine(JsonSerializer.Serialize(ExplanationDocument.Of(explanation), CommonOptions.Json));
            else Print(explanation, terminal);
            return ExitCode.Clean;
        });
        return command;
    }

    private static int ExplainDecision(Terminal terminal, DecisionExplanation explained, OutputFormat format)
    {
        if (format == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(explained, CommonOptions.Json));
        else DecisionExplanationText.Print(explained, terminal);
        return explained.Replay is { Same: false } ? ExitCode.No : ExitCode.Clean;
    }

    private static void PrintAll(Terminal terminal)
    {
        foreach (var e in ExplanationCatalogue.All) terminal.Out.WriteLine($"{terminal.Bold(e.Code)}  {Kind(e),-7}  {e.Title}");
    }

    private static void Print(Explanation explanation, Terminal terminal)
    {
        terminal.Out.WriteLine($"{Kind(explanation)} {terminal.Bold($"{explanation.Code}: {explanation.Title}")}");
        terminal.Out.WriteLine();
        terminal.Out.Write(MarkdownText.Of(explanation.Text));
    }

    private static string Kind(Explanation explanation) => explanation.Severity ?? "refusal";

    private static CommandFailedException Unknown(string code)
    {
        var near = ExplanationCatalogue.Near(code);
        var help = near.Count > 0 ? $"did you mean {Words.List(near, "or")}?" : "`ulm-server explain` lists all codes";
        return new CommandFailedException($"there is no code `{code}`; {help}");
    }
}
