using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Api;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary><c>approve PLAN</c> and <c>reject PLAN</c>: somebody's word on what <c>mode recommend</c> has planned.</summary>
public static class ApprovalCommands
{
    public static Command CreateApprove(Terminal terminal) => Create(terminal, "approve", "Carry out a plan that was recommended, if the site is still the one that it was made for.", approve: true);

    public static Command CreateReject(Terminal terminal) => Create(terminal, "reject", "Drop a plan that was recommended; its rules may recommend again.", approve: false);

    private static Command Create(Terminal terminal, string name, string description, bool approve)
    {
        var plan = new Argument<string>("PLAN") { Description = "As `status` and the journal name it, such as p20260105-200000" };
        var because = new Option<string>("--because") { Description = "Why, for the journal", HelpName = "TEXT" };
        var dryRun = new Option<bool>("--dry-run") { Description = $"Only show what it would do, and whether it can be {(approve ? "approved" : "rejected")}" };
        var (socket, format) = (CommonOptions.Socket(), CommonOptions.Format());
        var command = new Command(name, description) { plan, because, dryRun, socket, format };
        command.SetAction(async (result, ct) =>
        {
            using var server = new ServerClient(result.GetValue(socket)!);
            var request = new ApprovalRequest(result.GetValue(plan)!, approve, result.GetValue(because), Caller.OnBehalfOf, result.GetValue(dryRun));
            var answer = await server.PostAsync<ApprovalDocument>(ManualEndpoints.Plans, request, ct);
            if (result.GetValue(format) == OutputFormat.Json) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(answer, CommonOptions.Json));
            else Print(answer, terminal);
            return answer.WhyNot is null ? ExitCode.Clean : ExitCode.No;
        });
        return command;
    }

    private static void Print(ApprovalDocument answer, Terminal terminal)
    {
        if (answer.WhyNot is { } not)
        {
            terminal.Out.WriteLine($"Refused: {not}.");
            return;
        }

        terminal.Out.WriteLine(answer.DryRun ? $"Plan {answer.Plan} would be {answer.Outcome}, and was not:" : $"Plan {answer.Plan} is {answer.Outcome}{(answer.Outcome == "approved" ? "; `ulm-server journal --follow` shows how it goes" : "")}:");
        foreach (var step in answer.Steps) terminal.Out.WriteLine($"  {step.Id,3}  {step}   ({step.Rule}: {step.Reason})");
    }
}
