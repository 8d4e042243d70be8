using System.CommandLine;
using System.Text.Json;
using Ulm.Engine;
using Ulm.Server.Api;
using Ulm.Server.Policies;

namespace Ulm.Server.Commands;

/// <summary><c>reload</c>: the running server reads its policies anew, or says what that would do.</summary>
public static class ReloadCommand
{
    public static Command Create(Terminal terminal)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Take nothing over; show which rules and clocks would change, and what the next look would decide before and after" };
        var (policies, socket, format) = (FileOptions.Policies(required: false), CommonOptions.Socket(), CommonOptions.Format());
        policies.Description = "With --dry-run: try these files or directories instead of the server's folder";
        var command = new Command("reload", "Have the running server read its policies anew. Exit code 3: they have errors, and those in force stay; 2, with --dry-run: rules would change.") { dryRun, policies, socket, format };
        command.SetAction(async (result, ct) =>
        {
            var (dry, paths) = (result.GetValue(dryRun), result.GetValue(policies) is { Length: > 0 } given ? given : null);
            if (paths is not null && !dry) throw new CommandFailedException("--policies goes with --dry-run; to put policies in force, put them into the server's folder");
            // Full paths: calendars are looked for beside the files, by a server that runs elsewhere.
            var sources = paths is null ? null : PolicyFiles.ReadTexts(paths).Select(s => s with { Name = Path.GetFullPath(s.Name) }).ToArray();
            using var server = new ServerClient(result.GetValue(socket)!);
            var reload = await server.PostAsync<ReloadDocument>(ReloadEndpoint.Path, new { DryRun = dry, Sources = sources }, ct);
            if (result.GetValue(format) == OutputFormat.Json) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(reload, CommonOptions.Json));
            else Print(reload, terminal);
            if (reload.Usable) return dry && reload.ChangesRules ? ExitCode.No : ExitCode.Clean;
            await terminal.Error.WriteLineAsync($"{reload.Faults}\nulm-server: the policies can't be used; those in force stay");
            return ExitCode.PolicyErrors;
        });
        return command;
    }

    private static void Print(ReloadDocument reload, Terminal terminal)
    {
        if (!reload.Usable) return;
        var output = terminal.Out;
        output.WriteLine($"{(reload.DryRun ? "Nothing was taken over. It would be" : "Taken over")}: {Words.Count(reload.Added.Length, "rule")} added, {reload.Removed.Length} removed, {reload.Changed.Length} changed, {reload.Unchanged + reload.Renamed.Length} as before");
        foreach (var name in reload.Added) output.WriteLine($"  + {name}");
        foreach (var name in reload.Removed) output.WriteLine($"  - {name}");
        foreach (var name in reload.Changed) output.WriteLine($"  ~ {name}");
        foreach (var rename in reload.Renamed) output.WriteLine($"  = {rename.From}, now {rename.To}");
        foreach (var clock in reload.Kept) output.WriteLine($"clock kept   {Of(clock)}");
        foreach (var clock in reload.Reset) output.WriteLine($"clock reset  {Of(clock)}");
        foreach (var schedule in reload.Schedules) output.WriteLine($"schedule     {Of(schedule)}");
        if (reload is not { DryRun: true, Before: { } before, After: { } after }) return;
        PrintLook("The next look would decide now", before, output);
        PrintLook("and with the new policies", after, output);
    }

    private static string Of(ReloadDocument.ScheduleChange schedule) => (schedule.Before, schedule.After) switch
    {
        (null, null) => $"{schedule.Rule}: comes or goes, and has no time that is still to come",
        (null, { } after) => $"{schedule.Rule}: fires next at {ScheduleText.Local(after)}",
        ({ } before, null) => $"{schedule.Rule}: fires no more; it would have at {ScheduleText.Local(before)}",
        ({ } before, { } after) => $"{schedule.Rule}: fires next at {ScheduleText.Local(after)}, not at {ScheduleText.Local(before)}",
    };

    private static string Of(ReloadDocument.Clock clock) => $"{clock.Rule} on {clock.Subject}: {clock.State} since {Show.Time(clock.Since)}";

    private static void PrintLook(string when, ReloadDocument.NextLook look, TextWriter output)
    {
        output.WriteLine($"{when}: {(look.Decisions.IsEmpty ? "nothing" : Words.Count(look.Decisions.Length, "decision"))}");
        foreach (var decision in look.Decisions) output.WriteLine($"  {decision}");
        foreach (var step in look.Plan.Steps) output.WriteLine($"    {step}");
        foreach (var refused in look.Plan.NotPlanned) output.WriteLine($"    not done: {refused.Rule} on {refused.Subject}: {string.Join("; ", refused.Why)}");
    }
}
