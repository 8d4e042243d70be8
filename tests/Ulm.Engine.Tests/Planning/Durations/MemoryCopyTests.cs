using CsCheck;
using Ulm.Engine.Planning.Durations;

namespace Ulm.Engine.Tests.Planning.Durations;

public class MemoryCopyTests
{
    private const double MB = 1e6;

    /// <summary>A link of 100 MB/s sends 30 MB in the 300 ms that a VM may be paused.</summary>
    [Theory]
    [InlineData(30, 90, 1, 30)]
    [InlineData(1000, 0, 1, 1000)]
    [InlineData(1000, 1, 2, 1010)]          // 10 MB are left, which go with the VM paused.
    [InlineData(1000, 10, 3, 1110)]         // 100, then 10.
    [InlineData(1000, 50, 7, 1984.375)]     // 500, 250, 125, 62.5, 31.25, then 15.625.
    [InlineData(0, 10, 1, 0)]
    public void What_was_written_to_meanwhile_is_sent_again_until_the_rest_can_be_sent_in_the_pause(double memory, double dirty, int rounds, double sent)
    {
        var copy = MemoryCopy.Of(memory * MB, dirty * MB, 100 * MB);

        Assert.Equal((rounds, sent), (copy.Rounds, Math.Round(copy.Bytes / MB, 6)));
        Assert.Equal(2 + sent / 100, copy.Takes!.Value.TotalSeconds, 6);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(250)]
    public void A_vm_that_writes_as_fast_as_the_link_sends_is_never_through(double dirty)
    {
        var copy = MemoryCopy.Of(1000 * MB, dirty * MB, 100 * MB);

        Assert.False(copy.Ends);
        Assert.Null(copy.Takes);
    }

    [Fact]
    public void The_slower_link_counts_and_none_is_slower_than_8_megabits() => Assert.Equal(
        [1e6, 125e6],
        ((double, double)[])[(0, 1000), (10_000, 1000)] is var links
            ? links.Select(l => MemoryCopy.Of(Some.Vm("v", "a"), Some.Host("a") with { NetMbps = l.Item1 }, Some.Host("b") with { NetMbps = l.Item2 }).BytesPerSecond) : []);

    [Fact]
    public void More_memory_more_writing_or_a_slower_link_never_take_less_time() =>
        Gen.Select(Gen.Double[0, 1e12], Gen.Double[0, 2e9], Gen.Double[1e6, 2e9], Gen.Double[1, 3]).Check(2000, some =>
        {
            var (memory, dirty, link, times) = some;
            var takes = Seconds(memory, dirty, link);
            Assert.All([Seconds(memory * times, dirty, link), Seconds(memory, dirty * times, link), Seconds(memory, dirty, link / times)], longer => Assert.True(longer >= takes * (1 - 1e-9) - 1e-6, $"{longer} < {takes}"));
            Assert.True(takes >= 2 + memory / link - 1e-6);
        });

    private static double Seconds(double memory, double dirty, double link) => MemoryCopy.Of(memory, dirty, link).Takes?.TotalSeconds ?? double.PositiveInfinity;
}
