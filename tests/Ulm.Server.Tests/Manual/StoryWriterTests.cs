using Ulm.Engine;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;
using Ulm.Server.Explanations;
using Ulm.Server.Feed;

namespace Ulm.Server.Tests.Manual;

/// <summary>How entries of the journal read on a screen.</summary>
public class StoryWriterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_refusal_with_many_reasons_has_a_line_for_each_and_for_each_host_of_a_long_one()
    {
        string[] why = ["the other 3 hosts would be at 93% memory", $"vm a (4GiB): {string.Join("; ", Enumerable.Range(1, 5).Select(h => $"h{h} memory 60GiB + 4GiB of 64GiB is over 95%, and cpu too"))}"];
        var entry = new JournalEntry(Noon, JournalKind.Refusal, $"manual: maintenance on host/h9: no host fits: {string.Join("; ", why)}") { Outcome = "ULM6201", Why = [.. why] };

        var lines = Told(entry).Split('\n');
        Assert.Equal("2026-01-05 12:00:00 UTC  refused   manual: maintenance on host/h9: no host fits [ULM6201]", lines[0]);
        Assert.Equal("    the other 3 hosts would be at 93% memory", lines[1]);
        Assert.StartsWith("    vm a (4GiB): h1 memory", lines[2]);
        Assert.StartsWith("        h2 memory", lines[3]);
        Assert.Equal(8, lines.Length);
    }

    [Fact]
    public void A_short_refusal_stays_one_line() =>
        Assert.Equal(1, Told(new JournalEntry(Noon, JournalKind.Refusal, "relieve on host/h1: no host fits: there is no other host") { Outcome = "ULM6201", Why = ["there is no other host"] }).Count(c => c == '\n'));

    [Fact]
    public void The_longest_word_for_an_entry_fits_its_column() =>
        Assert.Equal("2026-01-05 12:00:00 UTC  abandoned left unfinished\n", Told(new JournalEntry(Noon, JournalKind.Ended, "left unfinished") { Outcome = "abandoned" }));

    [Fact]
    public void What_was_called_off_before_anything_was_done_has_a_word_and_not_a_code() =>
        Assert.StartsWith("2026-01-05 12:00:00 UTC  not done  power off host h2: held", Told(new JournalEntry(Noon, JournalKind.Ended, "power off host h2: held") { Outcome = "ULM6215" }));

    /// <summary>Reasons of the journal that are words stand where codes do, and can be asked for like them.</summary>
    [Theory]
    [InlineData("outvoted")]
    [InlineData("withheld")]
    [InlineData("Missed")]
    public void A_reason_that_is_a_word_has_a_page(string word) => Assert.NotNull(ExplanationCatalogue.Find(word));

    /// <summary>The disk that is full is often that of the log too; whoever writes the journal must not end by it.</summary>
    [Fact]
    public void A_screen_that_takes_nothing_troubles_nobody() =>
        new StoryWriter(new Terminal(new FullDisk(), TextWriter.Null, false), Show.Time).Write(new JournalEntry(Noon, JournalKind.Server, "started"));

    private sealed class FullDisk : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }

    [Fact]
    public async Task Figures_of_the_simulated_site_are_of_every_host()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        await CommandLine.RunAsync(["run", "--for", "5m", "--speed", "0", "--figures"], new Terminal(output, error, false), TestContext.Current.CancellationToken);
        Assert.Matches("Mon 08:01:00  cpu       host01 \\d+% \\(7 VM\\)  host02 .*host12 ", output.ToString());
    }

    private static string Told(JournalEntry entry)
    {
        var output = new StringWriter();
        new StoryWriter(new Terminal(output, TextWriter.Null, false), Show.Time, collapse: false).Write(entry);
        return output.ToString();
    }
}
