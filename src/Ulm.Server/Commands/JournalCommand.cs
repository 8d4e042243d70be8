using System.CommandLine;
using System.Text.Json;
using Ulm.Engine;
using Ulm.Engine.Journal;
using Ulm.Server.Api;
using Ulm.Server.Feed;

namespace Ulm.Server.Commands;

/// <summary>What was decided, done and refused, and why: from a running server, or from a store file where none runs.</summary>
public static class JournalCommand
{
    public static Command Create(Terminal terminal)
    {
        var (format, socket, store) = (CommonOptions.Format(), CommonOptions.Socket(), CommonOptions.Store());
        var count = FileOptions.Number("--limit", "How many of the newest entries (default 50)", 1, JournalEndpoints.MostEntries);
        count.Aliases.Add("--count");
        var follow = new Option<bool>("--follow") { Description = "Go on with new entries as they come" };
        var (since, until) = (FileOptions.Time("--since", "Only from this time on; without an offset, of the server's zone"), FileOptions.Time("--until", "Only before this time"));
        var rule = new Option<string>("--rule") { Description = "Only of this rule", HelpName = "NAME" };
        var subject = new Option<string>("--subject") { Description = "Only about this host, VM or cluster", HelpName = "host/h3" };
        var decision = new Option<string>("--decision") { Description = "Only of this decision", HelpName = "ID" };
        var command = new Command("journal", "Show what was decided, done and refused, and why.") { since, until, rule, subject, decision, count, follow, format, socket, store };
        command.SetAction(async (result, ct) =>
        {
            using var source = JournalSource.Open(result.GetValue(store), result.GetValue(socket)!);
            var zone = result.GetValue(since) is null && result.GetValue(until) is null ? TimeZoneInfo.Local : await source.ZoneAsync(ct);
            var query = new JournalQuery(result.GetValue(count) ?? 50)
            {
                Decision = result.GetValue(decision),
                Rule = result.GetValue(rule),
                Subject = Subject(result.GetValue(subject)),
                Since = result.GetValue(since) is { } from ? TimeText.Parse(from, "--since", zone) : null,
                Until = result.GetValue(until) is { } to ? TimeText.Parse(to, "--until", zone) : null,
            };
            var story = new StoryWriter(terminal, Show.Time, collapse: false, decisions: true);
            var json = result.GetValue(format) == OutputFormat.Json;
            if (result.GetValue(follow)) return await FollowAsync(source, query, json, story, terminal, ct);
            var entries = await source.FindAsync(query, ct);
            if (json) await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(new JournalDocument(JournalDocument.SchemaName, [.. entries]), CommonOptions.Json));
            else foreach (var entry in entries) story.Write(entry);
            if (!json && entries.Count == 0) await terminal.Error.WriteLineAsync("the journal has no such entries");
            return ExitCode.Clean;
        });
        return command;
    }

    private static async Task<int> FollowAsync(JournalSource source, JournalQuery query, bool json, StoryWriter story, Terminal terminal, CancellationToken ct)
    {
        if (query.Until is not null) throw new CommandFailedException("--until ends before now; leave it out with --follow");
        try
        {
            await foreach (var entry in source.FollowAsync(query, ct))
            {
                if (!json) story.Write(entry);
                else
                {
                    await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(entry, JournalDocument.OneLine));
                    await terminal.Out.FlushAsync(ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCode.Clean;
        }

        await terminal.Error.WriteLineAsync("ulm-server: the server has ended");
        return ExitCode.Clean;
    }

    private static string? Subject(string? given) => given is null or "site" || given.Contains('/') ? given
        : throw new CommandFailedException($"--subject: write host/{given}, vm/{given} or cluster/{given}");
}
