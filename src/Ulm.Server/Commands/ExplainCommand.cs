using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Explanations;

namespace Ulm.Server.Commands;

/// <summary><c>explain</c>: what a code means and what to do about it.</summary>
public static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var format = CommonOptions.Format();
        var code = new Argument<string?>("CODE") { Description = "A code such as ULM1103 or ULM6203; all codes are listed if none is given", Arity = ArgumentArity.ZeroOrOne };
        code.CompletionSources.Add([.. ExplanationCatalogue.All.Select(e => e.Code)]);
        var command = new Command("explain", "Explain a diagnostic or a refusal: what it means, and what to do about it.") { code, format };
        command.SetAction(result =>
        {
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
