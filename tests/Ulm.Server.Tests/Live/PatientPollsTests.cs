using Microsoft.Extensions.Time.Testing;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

public class PatientPollsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, TaskCompletionSource<string>> _open = [];
    private readonly PatientPolls<string> _polls;

    public PatientPollsTests() => _polls = new PatientPolls<string>(_time, Patience, answer => answer != "fault");

    [Fact]
    public async Task A_round_ends_as_soon_as_all_have_answered()
    {
        var round = Round("a", "b");
        Answer("a", "1");
        Assert.False(round.IsCompleted);
        Answer("b", "2");
        Assert.Equal([("a", "1"), ("b", "2")], Sorted(await round));
    }

    [Fact]
    public async Task One_that_hangs_costs_one_round_its_patience_and_the_next_ones_nothing()
    {
        await FirstRound("good", "bad");
        var round = Round("good", "bad");
        Answer("good", "1");
        Assert.False(round.IsCompleted);
        _time.Advance(Patience);
        Assert.Equal([("good", "1")], Sorted(await round));

        var next = Round("good", "bad");
        Answer("good", "2");
        Assert.Equal([("good", "2")], Sorted(await next));   // no time has passed
    }

    [Fact]
    public async Task A_late_answer_counts_in_the_round_in_which_it_comes_and_the_source_is_awaited_again()
    {
        await LateRound();
        var next = Round("good", "bad");
        Answer("bad", "late");
        Answer("good", "2");
        Assert.Equal([("bad", "late"), ("good", "2")], Sorted(await next));
        var third = Round("good", "bad");
        Answer("good", "3");
        Assert.False(third.IsCompleted);
        Answer("bad", "3");
        await third;
    }

    [Fact]
    public async Task Where_late_answers_are_kept_one_from_between_two_rounds_counts_until_a_newer_one_comes()
    {
        var polls = new PatientPolls<string>(_time, Patience, _ => true, keepsLate: true);
        Task<IReadOnlyDictionary<string, string>> Ask() => polls.RoundAsync(["slow"], source => (_open[source] = new TaskCompletionSource<string>()).Task, TestContext.Current.CancellationToken);

        var first = Ask();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(await first);
        Answer("slow", "between");
        Assert.Equal([("slow", "between")], Sorted(await Ask()));   // not waited for: it took long
        Answer("slow", "quick again");
        var third = Ask();
        Assert.False(third.IsCompleted);
        Answer("slow", "newer");
        Assert.Equal([("slow", "newer")], Sorted(await third));
    }

    [Fact]
    public async Task An_answer_from_between_two_rounds_is_stale_and_its_source_is_asked_and_awaited_again()
    {
        await LateRound();
        Answer("bad", "stale");
        var next = Round("good", "bad");
        Answer("good", "2");
        Assert.False(next.IsCompleted);
        Answer("bad", "fresh");
        Assert.Equal([("bad", "fresh"), ("good", "2")], Sorted(await next));
    }

    [Fact]
    public async Task A_stale_fault_has_its_source_asked_again_but_not_awaited()
    {
        await LateRound();
        Answer("bad", "fault");
        var next = Round("good", "bad");
        Answer("good", "2");
        Assert.Equal([("good", "2")], Sorted(await next));
        var third = Round("good", "bad");
        Answer("bad", "well");
        Answer("good", "3");
        Assert.Equal([("bad", "well"), ("good", "3")], Sorted(await third));
    }

    [Fact]
    public async Task A_source_that_ends_in_a_fault_after_hanging_is_not_waited_for_until_it_is_well()
    {
        await LateRound();
        var next = Round("good", "bad");
        Answer("bad", "fault");
        Answer("good", "2");
        Assert.Contains(("bad", "fault"), Sorted(await next));
        var third = Round("good", "bad");
        Answer("good", "3");
        Assert.Equal([("good", "3")], Sorted(await third));
    }

    /// <summary>A round that <c>bad</c> does not answer in time.</summary>
    private async Task LateRound()
    {
        await FirstRound("good", "bad");
        var round = Round("good", "bad");
        Answer("good", "1");
        _time.Advance(Patience);
        await round;
    }

    private async Task FirstRound(params string[] sources)
    {
        var round = Round(sources);
        foreach (var source in sources) Answer(source, "0");
        await round;
    }

    private Task<IReadOnlyDictionary<string, string>> Round(params string[] sources) =>
        _polls.RoundAsync(sources, source => (_open[source] = new TaskCompletionSource<string>()).Task, default);

    private void Answer(string source, string text) => _open[source].SetResult(text);

    private static List<(string, string)> Sorted(IReadOnlyDictionary<string, string> answers) =>
        [.. answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => (a.Key, a.Value))];
}
