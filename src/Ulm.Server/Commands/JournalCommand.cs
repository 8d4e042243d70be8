using System.CommandLine;
using System.Text.Json;
using Ulm.Engine.Journal;
using Ulm.Server.Api;
using Ulm.Server.Feed;
using Ulm.Server.Store;

namespace Ulm.Server.Commands;

/// <summary>What was decided, done and refused, and why: from a running server, or from a store file where none runs.</summary>
public static class JournalCommand
{
    public static Command Create(Terminal terminal)
    {
        var (format, socket) = (CommonOptions.Format(), CommonOptions.Socket());
        var store = new Option<string?>("--store") { Description = "read this store file instead of asking a server" };
        var count = new Option<int>("--count") { Description = "how many of the newest entries (default 50)", DefaultValueFactory = _ => 50 };
        var follow = new Option<bool>("--follow") { Description = "go on with new entries as they come" };
        var command = new Command("journal", "Show what was decided, done and refused, and why.") { format, socket, store, count, follow };
        command.SetAction(async (result, ct) =>
        {
            var newest = result.GetValue(count);
            if (newest < 1) throw new CommandFailedException("--count must be 1 or more");
            using var source = Source(result.GetValue(store), result.GetValue(socket)!);
            var printer = new Printer(terminal, result.GetValue(format));
            var last = printer.Print(await source.ReadAsync(0, newest, ct), 0, wholeDocument: !result.GetValue(follow));
            while (result.GetValue(follow))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
                last = printer.Print(await source.ReadAsync(last, int.MaxValue, ct), last, wholeDocument: false);
            }

            return ExitCode.Clean;
        });
        return command;
    }

    private static EntrySource Source(string? store, string socket)
    {
        if (store is null)
        {
            var server = new ServerClient(socket);
            return new EntrySource(
                async (after, newest, ct) => [.. (await server.GetAsync<JournalDocument>($"{Endpoints.Journal}?after={after}&newest={newest}", ct)).Entries], server);
        }

        if (!File.Exists(store)) throw new CommandFailedException($"there is no store {store}");
        try
        {
            var opened = SqliteStateStore.OpenReadOnly(store);
            return new EntrySource(opened.ReadAsync, opened);
        }
        catch (StoreUnavailableException e)
        {
            throw new CommandFailedException(e.Message);
        }
    }

    private sealed record EntrySource(Func<long, int, CancellationToken, Task<IReadOnlyList<JournalEntry>>> ReadAsync, IDisposable Owned) : IDisposable
    {
        public void Dispose() => Owned.Dispose();
    }

    private sealed class Printer(Terminal terminal, OutputFormat format)
    {
        private readonly StoryWriter _story = new(terminal, () => TimeZoneInfo.Local, "yyyy-MM-dd HH:mm:ss", collapse: false);

        /// <returns>The sequence number to go on from.</returns>
        public long Print(IReadOnlyList<JournalEntry> entries, long last, bool wholeDocument)
        {
            if (format == OutputFormat.Json && wholeDocument)
                terminal.Out.WriteLine(JsonSerializer.Serialize(new JournalDocument(JournalDocument.SchemaName, [.. entries]), CommonOptions.Json));
            else foreach (var entry in entries)
            {
                if (format == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(entry, OneLine));
                else _story.Write(entry);
            }

            return entries.Count > 0 ? entries[^1].Sequence : last;
        }

        private static readonly JsonSerializerOptions OneLine = new(CommonOptions.Json) { WriteIndented = false };
    }
}
