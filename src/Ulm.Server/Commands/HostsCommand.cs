using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Api;

namespace Ulm.Server.Commands;

/// <summary><c>hosts</c>: every host with its load, what it is kept in and by whom, and what is being done to it.</summary>
public static class HostsCommand
{
    public static Command Create(Terminal terminal)
    {
        var (format, socket) = (CommonOptions.Format(), CommonOptions.Socket());
        var names = new Option<bool>("--names") { Description = "Only the names, one a line" };
        var command = new Command("hosts", "Show the hosts of the running server: load, state, what they are kept in and by whom.") { names, format, socket };
        command.SetAction(async (result, ct) =>
        {
            using var server = new ServerClient(result.GetValue(socket)!);
            var status = await SiteStatus.OfAsync(server, ct);
            if (result.GetValue(names)) foreach (var host in status.Hosts) terminal.Out.WriteLine(host.Name);
            else if (result.GetValue(format) == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(new HostsDocument("ulm.hosts/1", status.At, status.Hosts), CommonOptions.Json));
            else StatusText.PrintHosts(status, terminal);
            return ExitCode.Clean;
        });
        return command;
    }
}

/// <summary><c>vms</c>: every VM with its host, its load, and what keeps it there.</summary>
public static class VmsCommand
{
    public static Command Create(Terminal terminal)
    {
        var (format, socket) = (CommonOptions.Format(), CommonOptions.Socket());
        var names = new Option<bool>("--names") { Description = "Only the names, one a line" };
        var on = new Option<string>("--on") { Description = "Only those on this host", HelpName = "HOST" };
        var command = new Command("vms", "Show the VMs of the running server: where they are, their load, and what keeps them there.") { on, names, format, socket };
        command.SetAction(async (result, ct) =>
        {
            using var server = new ServerClient(result.GetValue(socket)!);
            var status = await SiteStatus.OfAsync(server, ct);
            var host = result.GetValue(on);
            if (host is not null && status.Hosts.All(h => h.Name != host))
                throw new CommandFailedException($"--on: there is no host `{host}`{(Dsl.Text.NearestWord.Find(host, status.Hosts.Select(h => h.Name)) is { } near ? $"; did you mean {near}?" : "")}");
            var vms = host is null ? status.Vms : [.. status.Vms.Where(v => v.Host == host)];
            if (result.GetValue(names)) foreach (var vm in vms) terminal.Out.WriteLine(vm.Name);
            else if (result.GetValue(format) == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(new VmsDocument("ulm.vms/1", status.At, vms), CommonOptions.Json));
            else StatusText.PrintVms(vms, terminal);
            return ExitCode.Clean;
        });
        return command;
    }
}

/// <summary>What a server sees of its site, for commands that show nothing else.</summary>
file static class SiteStatus
{
    /// <exception cref="CommandFailedException">It has not looked at its site, as it may not act: an empty table would say that there is nothing.</exception>
    public static async Task<StatusDocument> OfAsync(ServerClient server, CancellationToken ct) => await server.GetAsync<StatusDocument>(Endpoints.Status, ct) is var status && status is { Hosts.Length: 0, HaltedBecause: { } halted }
        ? throw new CommandFailedException($"this server knows nothing of the site: {halted}")
        : status;
}
