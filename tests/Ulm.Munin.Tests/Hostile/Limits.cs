namespace Ulm.Munin.Tests;

internal static class Limits
{
    /// <summary>No test expects to wait this long; it only turns a hang into a failure.</summary>
    public static readonly TimeSpan Guard = TimeSpan.FromMinutes(3);

    public static Task<T> Guarded<T>(this Task<T> task) => task.WaitAsync(Guard, TestContext.Current.CancellationToken);
    public static Task Guarded(this Task task) => task.WaitAsync(Guard, TestContext.Current.CancellationToken);

    public static async Task<MuninException> FaultOf(this Task task, MuninFault expected)
    {
        var e = await Assert.ThrowsAsync<MuninException>(() => task.Guarded());
        Assert.True(e.Fault == expected, $"expected {expected}, got {e.Fault}: {e.Message}");
        Assert.StartsWith($"munin node {e.Node}: {e.Command}: ", e.Message);
        return e;
    }
}
