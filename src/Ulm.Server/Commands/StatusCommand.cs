using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Ulm.Engine;
using Ulm.Server.Api;

namespace Ulm.Server.Commands;

/// <summary>What a running server sees and does.</summary>
public static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var (format, socket) = (CommonOptions.Format(), CommonOptions.Socket());
        var command = new Command("status", "Show hosts, pending rules and work in progress of the running server. Exit code 2: it does not act.") { format, socket };
        command.SetAction(async (result, ct) =>
        {
            using var server = new ServerClient(result.GetValue(socket)!);
            var status = await server.GetAsync<StatusDocument>(Endpoints.Status, ct);
            if (result.GetValue(format) == OutputFormat.Json) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(status, CommonOptions.Json));
            else Print(status, terminal);
            return status.HaltedBecause is null ? ExitCode.Clean : ExitCode.No;
        });
        return command;
    }

    private static void Print(StatusDocument status, Terminal terminal)
    {
        var console = SpectreConsole.On(terminal);
        terminal.Out.WriteLine($"{status.Site}, {status.At:yyyy-MM-dd HH:mm:ss} UTC");
        if (status.HaltedBecause is { } halted) terminal.Out.WriteLine($"NOT ACTING: {halted}");
        var hosts = SpectreConsole.Table("host", "state", "cpu", "memory", "VMs");
        foreach (var h in status.Hosts) hosts.AddRow(Cell(h.Name), Cell(h.State), Percent(h.Cpu), Percent(h.Memory), Cell(h.Vms.ToString()));
        console.Write(hosts);
        foreach (var rule in status.Rules)
        {
            terminal.Out.WriteLine(rule.Subjects.IsEmpty ? $"rule {rule.Name}: waiting" : $"rule {rule.Name}:");
            foreach (var s in rule.Subjects) terminal.Out.WriteLine($"  {s.Subject} {s.State} for {Show.Duration(status.At - s.Since)}: {s.Values}");
        }

        foreach (var work in status.InFlight) terminal.Out.WriteLine($"working on {work.Subject}: {work.Doing}");
        foreach (var fault in status.Faults) terminal.Out.WriteLine($"fault: {fault}");
    }

    private static Markup Cell(string text) => new(Markup.Escape(text));

    private static Markup Percent(double? value) => Cell(value is { } known ? Show.Percent(known) : "unknown");
}
