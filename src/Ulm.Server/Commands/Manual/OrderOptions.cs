using System.CommandLine;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary>The options that all orders have.</summary>
internal sealed class OrderOptions
{
    private readonly Option<string> _because = new("--because") { Description = "Why, for the journal and for whoever meets it", HelpName = "TEXT" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what would be done, and what refused" };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Don't wait for the work to end" };
    private readonly Option<string> _socket = CommonOptions.Socket();
    private readonly Option<OutputFormat> _format = CommonOptions.Format();

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _because, _dryRun, _noWait, _socket, _format }) command.Add(option);
    }

    public OrderRequest Of(ParseResult result, string order) =>
        new(order, null, null, null, false, result.GetValue(_because), Caller.OnBehalfOf, result.GetValue(_dryRun));

    public OrderManner Manner(ParseResult result) => new(result.GetValue(_socket)!, result.GetValue(_format), Wait: !result.GetValue(_noWait));
}

/// <summary>How an order is given and followed.</summary>
internal sealed record OrderManner(string Socket, OutputFormat Format, bool Wait);

/// <summary>Who calls this program.</summary>
internal static class Caller
{
    /// <summary>Behind sudo, the user who called it: the server's system only knows that root asks.</summary>
    public static string? OnBehalfOf => Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user ? user : null;
}
