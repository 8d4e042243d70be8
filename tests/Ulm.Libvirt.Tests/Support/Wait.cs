using System.Diagnostics;

namespace Ulm.Libvirt.Tests.Support;

/// <summary>Waits for what native threads do; a generous limit, reached only by a failing test.</summary>
public static class Wait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task Until(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Limit, $"Not within {Limit}: {what}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
