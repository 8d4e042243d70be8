using System.CommandLine;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary><c>migrate VM HOST</c>.</summary>
public static class MigrateCommand
{
    public static Command Create(Terminal terminal)
    {
        var (vm, host, options) = (SiteArguments.Vm(), SiteArguments.Host(), new OrderOptions());
        var command = new Command("migrate", "Move a VM to a host by live migration, if the host has room and nothing forbids it.") { vm, host };
        options.AddTo(command);
        command.SetAction((result, ct) => OrderClient.RunAsync(
            terminal, options.Of(result, OrderRequest.Migrate) with { Vm = result.GetValue(vm), Host = result.GetValue(host) }, options.Manner(result), ct));
        return command;
    }
}
