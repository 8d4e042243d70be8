using System.Text;
using Ulm.Libvirt.Domains;

namespace Ulm.Libvirt.Tests.Domains;

/// <summary>The names as a QEMU host gives them; the test driver gives only the state.</summary>
public sealed class StatsFieldsTests
{
    [Fact]
    public void Take_QemuNames_SumsDevicesAndTurnsKiBIntoBytes()
    {
        var stats = Gather(
            ("state.state", 1), ("cpu.time", 1_234_567_890_123), ("cpu.user", 7), ("vcpu.current", 2), ("vcpu.maximum", 4), ("vcpu.0.time", 9),
            ("balloon.current", 1024), ("balloon.maximum", 2048), ("balloon.rss", 512), ("balloon.unused", 100), ("balloon.available", 900),
            ("balloon.swap_in", 5), ("net.count", 2), ("net.0.rx.bytes", 10), ("net.0.tx.bytes", 20), ("net.1.rx.bytes", 1), ("net.1.rx.pkts", 77),
            ("block.count", 2), ("block.0.rd.bytes", 100), ("block.0.wr.bytes", 200), ("block.1.rd.bytes", 11), ("block.1.rd.times", 99));

        Assert.Equal(DomainState.Running, stats.State);
        Assert.Equal((1_234_567_890_123L, 2, 4), (stats.CpuTimeNs, stats.VcpusCurrent, stats.VcpusMaximum));
        Assert.Equal(
            (1L << 20, 2L << 20, 512L * 1024, 100L * 1024, 900L * 1024),
            (stats.BalloonCurrentBytes, stats.BalloonMaximumBytes, stats.BalloonRssBytes, stats.BalloonUnusedBytes, stats.BalloonAvailableBytes));
        Assert.Equal((11L, 20L, 111L, 200L), (stats.NetReceivedBytes, stats.NetSentBytes, stats.BlockReadBytes, stats.BlockWrittenBytes));
    }

    [Fact]
    public void Take_Nothing_LeavesEverythingUnknown()
    {
        var stats = Gather();

        Assert.Equal(DomainState.NoState, stats.State);
        Assert.Null(stats.CpuTimeNs ?? stats.BalloonCurrentBytes ?? stats.NetReceivedBytes ?? stats.BlockWrittenBytes ?? stats.VcpusMaximum);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(2, 38L << 20)]
    public void Take_DirtyRate_CountsOnceMeasured(int status, long? bytes) =>
        Assert.Equal(bytes, Gather(("dirtyrate.calc_status", status), ("dirtyrate.calc_period", 1), ("dirtyrate.megabytes_per_second", 38)).DirtyBytesPerSecond);

    private static DomainStats Gather(params (string Name, long Value)[] fields)
    {
        var gathered = new StatsFields();
        foreach (var (name, value) in fields) gathered.Take(Encoding.UTF8.GetBytes(name), value);
        return gathered.ToStats("vm", Guid.Empty, DateTimeOffset.UnixEpoch);
    }
}
