namespace Ulm.Engine.Simulation;

/// <summary>What a VM uses at an instant.</summary>
public interface ILoadModel
{
    /// <returns>Per cent of the VM's own vCPUs, 0 to 100; null: nobody measured it then.</returns>
    double? CpuPercent(string vm, DateTimeOffset at);
}

/// <summary>The same for ever.</summary>
public sealed class ConstantLoad(IReadOnlyDictionary<string, double> cpuPercent) : ILoadModel
{
    public double? CpuPercent(string vm, DateTimeOffset at) => cpuPercent.GetValueOrDefault(vm);
}

/// <summary>A recorded load: a value holds until the next; after the last it starts again. VMs not in the trace fall back to another model.</summary>
/// <param name="series">By VM name; NaN where the trace has none.</param>
public sealed class TraceLoad(DateTimeOffset start, TimeSpan step, IReadOnlyDictionary<string, double[]> series, ILoadModel otherwise) : ILoadModel
{
    public double? CpuPercent(string vm, DateTimeOffset at)
    {
        if (!series.TryGetValue(vm, out var values) || values.Length == 0) return otherwise.CpuPercent(vm, at);
        var index = (long)Math.Floor((at - start) / step) % values.Length;
        var value = values[index < 0 ? index + values.Length : index];
        return double.IsNaN(value) ? null : value;
    }
}

/// <summary>
/// Load that rises in the morning and falls in the evening, each VM with its own height, hours and short-lived peaks; weekends are
/// quieter. Made from the seed and the instant alone, so that the same question always has the same answer.
/// </summary>
public sealed class DailyLoad(int seed) : ILoadModel
{
    private const double PeakMinutes = 40;

    public double? CpuPercent(string vm, DateTimeOffset at)
    {
        var busy = 25 + 45 * Unit(vm, 1);
        var shift = 2 * (Unit(vm, 2) - 0.5);
        var hour = at.TimeOfDay.TotalHours + shift;
        var day = Math.Max(0, Math.Sin((hour - 7) / 12 * Math.PI));
        if (at.DayOfWeek is System.DayOfWeek.Saturday or System.DayOfWeek.Sunday) day *= 0.25;
        var ripple = 3 * Math.Sin(at.TimeOfDay.TotalMinutes / (17 + 20 * Unit(vm, 3)));
        return Math.Clamp(4 + busy * day + ripple + Peak(vm, at), 0, 100);
    }

    /// <summary>Now and then, in working hours, a VM has a job to do that takes all it can get.</summary>
    private double Peak(string vm, DateTimeOffset at)
    {
        if (at.TimeOfDay.TotalHours is < 8 or > 18) return 0;
        var slot = (long)(at - DateTimeOffset.UnixEpoch).TotalMinutes / (long)PeakMinutes;
        return Unit(vm, slot) > 0.96 ? 60 : 0;
    }

    private double Unit(string vm, long key) => SeededNumber.Of(seed, vm, key);
}
