using System.Text;
using Ulm.Libvirt.Migration;

namespace Ulm.Libvirt.Tests.Migration;

public sealed class JobFieldsTests
{
    [Fact]
    public void ToProgress_QemuMigration_KeepsUnits()
    {
        var job = Gather(
            ("operation", 5), ("time_elapsed", 1500), ("time_remaining", 700), ("downtime", 300), ("data_total", 134_217_728),
            ("data_processed", 50_000_000), ("data_remaining", 84_217_728), ("memory_bps", 33_554_432), ("memory_dirty_rate", 100),
            ("memory_page_size", 4096), ("memory_iteration", 3), ("auto_converge_throttle", 20), ("memory_total", 1));

        Assert.Equal(
            new MigrationProgress(
                JobOperation.MigrationOut, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(0.7), 134_217_728, 50_000_000, 84_217_728, 33_554_432,
                409_600, 3, 20, TimeSpan.FromSeconds(0.3)),
            job);
    }

    [Fact]
    public void ToProgress_BeforeTheFirstFigures_LeavesGuessesUnknown()
    {
        var job = Gather(("operation", 5), ("time_elapsed", 12), ("time_remaining", 0));

        Assert.Null(job.Remaining ?? job.Downtime);
        Assert.Null(job.MemoryBytesPerSecond ?? job.DirtyBytesPerSecond ?? job.Iteration ?? job.ThrottlePercent);
    }

    private static MigrationProgress Gather(params (string Name, long Value)[] fields)
    {
        var gathered = new JobFields();
        foreach (var (name, value) in fields) gathered.Take(Encoding.UTF8.GetBytes(name), value);
        return gathered.ToProgress();
    }
}
