using System.CommandLine;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary>What is ordered of one host: <c>drain</c>, <c>release</c>, <c>maintenance</c>, <c>power on</c>, <c>power off</c> and <c>power clear</c>.</summary>
public static class HostCommands
{
    public static IEnumerable<Command> CreateAll(Terminal terminal) =>
    [
        Create(terminal, OrderRequest.Drain, "drain", "Move all VMs off a host and keep it closed until it is released.", timed: "Release it after this time"),
        Create(terminal, OrderRequest.Maintenance, "maintenance", "Empty a host for maintenance, if the others have room for all that runs there, and keep it closed.", timed: "Release it after this time"),
        Create(terminal, OrderRequest.Release, "release", "Let VMs onto a host again that was drained, in maintenance, or kept off."),
        new Command("power", "Power a host on or off, or clear one that failed to wake.")
        {
            Create(terminal, OrderRequest.PowerOn, "on", "Power a host on."),
            CreateOff(terminal),
            ClearCommand.Create(terminal),
        },
    ];

    private static Command Create(Terminal terminal, string order, string name, string description, string? timed = null)
    {
        var (host, options) = (SiteArguments.Host(), new OrderOptions());
        var time = timed is null ? null : FileOptions.Duration("--for", timed);
        var command = new Command(name, description) { host };
        if (time is not null) command.Add(time);
        options.AddTo(command);
        command.SetAction((result, ct) => OrderClient.RunAsync(
            terminal, options.Of(result, order) with { Host = result.GetValue(host), For = time is null ? null : result.GetValue(time) }, options.Manner(result), ct));
        return command;
    }

    private static Command CreateOff(Terminal terminal)
    {
        var (host, options) = (SiteArguments.Host(), new OrderOptions());
        var time = FileOptions.Duration("--for", "Power it on again after this time, and bring its VMs back");
        var drain = new Option<bool>("--drain") { Description = "Move off what runs there first; without it, only a host that runs nothing is powered off" };
        var command = new Command("off", "Power a host off and keep it off; no rule powers it on.") { host, time, drain };
        options.AddTo(command);
        command.SetAction((result, ct) => OrderClient.RunAsync(
            terminal, options.Of(result, OrderRequest.PowerOff) with { Host = result.GetValue(host), For = result.GetValue(time), MoveVms = result.GetValue(drain) }, options.Manner(result), ct));
        return command;
    }
}
