namespace Ulm.Lab.Tests.Lab;

/// <summary>Waiting by looking: a busy machine takes longer, an idle one is not slept on.</summary>
public static class Poll
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Looks until <paramref name="condition"/> holds. Fails the test, saying what was awaited, after <paramref name="patience"/> (60 s).</summary>
    public static Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null) =>
        ForAsync(what, async () => await condition() ? "" : null, patience);

    /// <summary>Looks until <paramref name="look"/> finds something, and gives that.</summary>
    public static async Task<T> ForAsync<T>(string what, Func<Task<T?>> look, TimeSpan? patience = null) where T : class
    {
        var cancellation = TestContext.Current.CancellationToken;
        var limit = patience ?? Patience;
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await look() is { } found) return found;
            if (TimeProvider.System.GetElapsedTime(start) > limit) Assert.Fail($"Not within {limit.TotalSeconds:0} s: {what}.");
            await Task.Delay(100, cancellation);
        }
    }
}
