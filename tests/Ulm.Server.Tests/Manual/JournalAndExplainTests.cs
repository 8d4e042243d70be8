using System.Text.Json;
using System.Text.RegularExpressions;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;
using Ulm.Server.Store;
using Ulm.Server.Tests.Hosting;

namespace Ulm.Server.Tests.Manual;

public sealed partial class JournalAndExplainTests
{
    private const string Relieves = "policy relieve when host.cpu > 20% for 2m then evacuate heaviest fitting vm\npolicy tell when host.cpu > 20% for 2m then balance\n";

    [Fact]
    public async Task A_decision_of_a_rule_is_explained_with_its_values_who_lost_its_steps_and_their_ends()
    {
        await using var server = await EmbeddedUnderTest.StartAsync(Relieves, speed: 300);
        JsonElement explained = default;
        await Until.TrueAsync(
            async () =>
            {
                var decided = (await EntriesAsync(server, "--rule", "relieve")).FirstOrDefault(e => e.GetProperty("kind").GetString() == "ended" && e.GetProperty("outcome").GetString() == "succeeded");
                if (decided.ValueKind == JsonValueKind.Undefined) return false;
                explained = await server.JsonAsync("explain", "--decision", decided.GetProperty("decision").GetString()!);
                return true;
            },
            () => "nothing was relieved");

        Assert.Equal("ulm.explanation.decision/1", explained.GetProperty("schema").GetString());
        var part = explained.GetProperty("parts")[0];
        Assert.Matches("^host.cpu = [0-9.]+% > 20%$", part.GetProperty("text").GetString());
        Assert.Equal(("true", 0.0), (part.GetProperty("verdict").GetString(), part.GetProperty("ageSeconds").GetDouble()));
        Assert.EndsWith("p.ulm:1:1", explained.GetProperty("location").GetString());
        Assert.StartsWith("tell on host/", explained.GetProperty("outvoted")[0].GetString());
        var step = explained.GetProperty("steps")[0];
        Assert.Equal("succeeded", step.GetProperty("outcome").GetString());
        Assert.True(step.GetProperty("ended").GetDateTimeOffset() > step.GetProperty("begun").GetDateTimeOffset());

        var text = (await server.RunAsync("explain", "--decision", explained.GetProperty("decision").GetString()!)).Out;
        Assert.Contains("It rested on\n  true    host.cpu = ", text);
        Assert.Contains("It went before tell on host/", text);
        Assert.Matches("\n       begun 2026-01-05 .*, succeeded 2026-01-05 .*: runs on host", text);

        var rule = await server.RunAsync("explain", "--rule", "tell", "--subject", explained.GetProperty("subject").GetString()!);
        Assert.Contains("Lately, by the journal", rule.Out);
        Assert.Contains("outvoted: relieve already acts on host", rule.Out);
    }

    [Fact]
    public async Task A_refusal_with_many_reasons_has_a_line_for_each_beside_its_rule_too()
    {
        await using var server = await EmbeddedUnderTest.StartAsync("policy relieve when host.cpu > 5% then evacuate heaviest fitting vm\n");
        await Until.TrueAsync(async () => (await server.RunAsync("journal")).Out.Contains("fits nowhere"), () => "nothing was refused");

        var rule = await server.RunAsync("explain", "--rule", "relieve");

        Assert.Contains("fits nowhere [ULM6201]", rule.Out);
        Assert.All(rule.Out.Split('\n'), line => Assert.True(line.Length < 300, line));
    }

    [Fact]
    public async Task An_order_that_was_refused_is_explained_with_its_author_and_the_numbers()
    {
        await using var server = await EmbeddedUnderTest.StartAsync("reserve 62% memory\n");
        var refused = await server.RunAsync("maintenance", "host02", "--because", "new fan");
        var id = Regex.Match((await server.RunAsync("journal", "--format", "json")).Out, "\"decision\": \"(m[^\"]+)\"").Groups[1].Value;

        var text = (await server.RunAsync("explain", "--decision", id)).Out;

        Assert.Equal(ExitCode.No, refused.Exit);
        Assert.Contains($"enter maintenance host host02 ordered by {Environment.UserName}: new fan", text);
        Assert.Contains("Nothing was planned.\n\nRefused\n  ULM6201  host/host02\n    the other 11 hosts would be at ", text);
        Assert.StartsWith("ulm-server: the journal has no decision m1; the last are m", (await server.RunAsync("explain", "--decision", "m1")).Error);
    }

    [Fact]
    public async Task A_decision_is_replayed_from_the_store_and_what_differs_is_told()
    {
        using var folder = new TempFolder();
        folder.Write("policies/p.ulm", "policy greet every 2s notify \"hello\"\n");
        string id;
        await using (var server = await ServerUnderTest.StartAsync(folder))
        {
            await Until.TrueAsync(async () => Decided().Count((await ServerUnderTest.AskAsync(folder, "journal", "--format", "json")).Out) > 5, () => server.Out);
            id = Decided().Match((await ServerUnderTest.AskAsync(folder, "journal", "--format", "json")).Out).Groups[1].Value;
            var asked = await ServerUnderTest.AskAsync(folder, "explain", "--decision", id, "--replay");
            Assert.Equal((ExitCode.CouldNotRun, "ulm-server: --replay reads the store itself: add --store, such as --store /var/lib/ulm/ulm.db\n"), (asked.Exit, asked.Error));
        }

        var (exit, output, error) = await ReplayAsync();
        Assert.Equal((ExitCode.Clean, ""), (exit, error));
        Assert.Contains("\nReplayed from the look that is kept: the same decision, steps and refusals.\n", output);

        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.File("ulm.db")};Pooling=False"))
        {
            connection.Open();
            using var forge = connection.CreateCommand();
            forge.CommandText = "update journal set text = 'greet fires on host/h1' where decision = $id and kind = (select kind from journal where decision = $id order by seq limit 1)";
            forge.Parameters.AddWithValue("$id", id);
            Assert.True(forge.ExecuteNonQuery() > 0);
        }

        (exit, output, _) = await ReplayAsync();
        Assert.Equal(ExitCode.No, exit);
        Assert.Contains("  only in the journal: greet fires on host/h1\n", output);

        Task<(int Exit, string Out, string Error)> ReplayAsync() => ServerUnderTest.AskAsync(folder, "explain", "--decision", id, "--replay", "--store", folder.File("ulm.db"));
    }

    [GeneratedRegex("\"decision\": \"([^\"]+)\"")]
    private static partial Regex Decided();

    [Fact]
    public async Task The_journal_is_filtered_by_rule_subject_decision_and_time()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        await server.RunAsync("migrate", "web00", "host12");
        await server.RunAsync("migrate", "web04", "host12");

        Assert.Equal(["decision", "begun", "ended"], (await EntriesAsync(server, "--subject", "vm/web00")).Select(e => e.GetProperty("kind").GetString()));
        Assert.Equal("ended", Assert.Single(await EntriesAsync(server, "--subject", "vm/web00", "--limit", "1")).GetProperty("kind").GetString());
        Assert.Empty(await EntriesAsync(server, "--subject", "vm/web00", "--until", "2026-01-05T08:00:00Z"));
        Assert.Equal(3, (await EntriesAsync(server, "--subject", "vm/web00", "--since", "2026-01-05T08:00:00Z")).Count);
        Assert.Equal(3, (await EntriesAsync(server, "--rule", "manual: migrate vm web04 to host host12")).Count);
        Assert.Equal((ExitCode.CouldNotRun, "", "ulm-server: --subject: write host/web00, vm/web00 or cluster/web00\n"), await server.RunAsync("journal", "--subject", "web00"));
        Assert.Equal((ExitCode.Clean, "", "the journal has no such entries\n"), await server.RunAsync("journal", "--rule", "nosuch"));
        Assert.StartsWith("ulm-server: --since: `noonish` is not a time", (await server.RunAsync("journal", "--since", "noonish")).Error);
    }

    [Fact]
    public async Task The_journal_as_text_names_the_decision_that_explain_is_asked_for()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        await server.RunAsync("migrate", "web00", "host12");

        var lines = (await server.RunAsync("journal", "--subject", "vm/web00")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var id = Regex.Match(lines[0], @"^.*  ordered   .*  \[(m\S+)\]$").Groups[1].Value;
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.EndsWith($"  [{id}]", line));
        Assert.Equal(ExitCode.Clean, (await server.RunAsync("explain", "--decision", id)).Exit);
    }

    [Fact]
    public async Task Following_loses_nothing_and_ends_with_the_server()
    {
        var server = await EmbeddedUnderTest.StartAsync();
        var (output, error) = (new StringWriter(), new StringWriter());
        var following = Task.Run(() => CommandLine.RunAsync(["journal", "--follow", "--limit", "10000", "--format", "json", "--socket", server.Socket], new Terminal(TextWriter.Synchronized(output), error, false)), TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            await server.RunAsync("drain", "host07");
            await server.RunAsync("release", "host07");
        }

        var all = await EntriesAsync(server, "--limit", "10000");
        await Until.TrueAsync(() => Task.FromResult(Sequences(output.ToString()).Count >= all.Count), () => output.ToString());
        await server.DisposeAsync();

        Assert.Equal(ExitCode.Clean, await following);
        Assert.Equal("ulm-server: the server has ended\n", error.ToString());
        var sequences = Sequences(output.ToString());
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(i => (long)i), sequences);
    }

    [Fact]
    public async Task Who_stops_following_ends_cleanly()
    {
        await using var server = await EmbeddedUnderTest.StartAsync();
        using var interrupt = new CancellationTokenSource();
        var (output, error) = (new StringWriter(), new StringWriter());
        var following = Task.Run(() => CommandLine.RunAsync(["journal", "--follow", "--socket", server.Socket], new Terminal(TextWriter.Synchronized(output), error, false), interrupt.Token), TestContext.Current.CancellationToken);
        await server.RunAsync("migrate", "web00", "host12");
        await Until.TrueAsync(() => Task.FromResult(output.ToString().Contains("done      migrate vm web00")), () => output.ToString());
        await interrupt.CancelAsync();
        Assert.Equal((ExitCode.Clean, ""), (await following, error.ToString()));
    }

    /// <summary>The same explanation when the server that decided is gone.</summary>
    [Fact]
    public async Task A_stopped_server_s_store_explains_decisions_and_rules()
    {
        using var folder = new TempFolder();
        folder.Write("policies/p.ulm", "always keep 1 host on\n");
        var (followed, ended) = (new StringWriter(), new StringWriter());
        Task<int> following;
        await using (await ServerUnderTest.StartAsync(folder))
        {
            following = Task.Run(() => CommandLine.RunAsync(["journal", "--follow", "--socket", folder.File("ulm.sock")], new Terminal(TextWriter.Synchronized(followed), ended, false)), TestContext.Current.CancellationToken);
            await Until.TrueAsync(async () => (await ServerUnderTest.AskAsync(folder, "release", "h1", "--dry-run")).Exit == ExitCode.Clean, () => "it does not act");
            Assert.Equal(ExitCode.No, (await ServerUnderTest.AskAsync(folder, "maintenance", "h1", "--because", "new fan")).Exit);
        }

        Assert.Equal((ExitCode.Clean, "ulm-server: the server has ended\n"), (await following, ended.ToString()));
        Assert.Contains("ordered   enter maintenance host h1", followed.ToString());
        string id;
        using (var store = SqliteStateStore.OpenReadOnly(folder.File("ulm.db"))) id = (await store.FindAsync(new JournalQuery(10), default)).Single(e => e.Decision is not null && e.Kind == JournalKind.Decision).Decision!;
        var (exit, output, error) = await ServerUnderTest.AskAsync(folder, "explain", "--decision", id, "--store", folder.File("ulm.db"));
        Assert.Equal((ExitCode.Clean, ""), (exit, error));
        Assert.Contains($"enter maintenance host h1 ordered by {Environment.UserName}: new fan", output);
        Assert.Contains("no other host of its cluster is on and open", output);
        Assert.Contains(id, (await ServerUnderTest.AskAsync(folder, "explain", "--rule", "manual: enter maintenance host h1", "--store", folder.File("ulm.db"))).Out);
    }

    private static async Task<List<JsonElement>> EntriesAsync(EmbeddedUnderTest server, params string[] filter) =>
        [.. (await server.JsonAsync(["journal", .. filter])).GetProperty("entries").EnumerateArray()];

    private static List<long> Sequences(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.EndsWith('}')).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("sequence").GetInt64())];
}
