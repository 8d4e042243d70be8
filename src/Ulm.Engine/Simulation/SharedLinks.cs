using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Durations;

namespace Ulm.Engine.Simulation;

/// <summary>
/// The links that migrations copy over. The copies into and out of one host share its link evenly; each goes as fast as the slower of its two shares.
/// Used from the engine's thread only.
/// </summary>
internal sealed class SharedLinks(TimeProvider time)
{
    /// <summary>A copy that has no more to go than this is over: time comes in whole ticks.</summary>
    private const double Remainder = 1e-6;

    private readonly List<Copy> _copies = [];
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private DateTimeOffset _settled = time.GetUtcNow();
    private ITimer? _next;

    /// <param name="bytes">How much of its memory is copied; infinite: its copy goes on until it is cancelled.</param>
    /// <param name="dirty">Bytes that the guest writes to each second: where that is as fast as it is copied, nothing is gained, until it has more of the links.</param>
    /// <param name="most">Bytes per second at most, whatever the links carry.</param>
    /// <exception cref="OperationCanceledException">Cancelled; its share of the links goes to the others.</exception>
    public async Task CopyAsync(Host from, Host to, double bytes, double dirty, double most, CancellationToken ct)
    {
        var copy = new Copy(from, to, bytes, dirty, most);
        Settle();
        _copies.Add(copy);
        Use(copy, 1);
        Arrange();
        try
        {
            using var cancelled = ct.Register(() => copy.Over.TrySetCanceled(ct));
            await copy.Over.Task;
        }
        finally
        {
            Settle();
            _copies.Remove(copy);
            Use(copy, -1);
            Arrange();
        }
    }

    private void Use(Copy copy, int by)
    {
        _users[copy.From.Name] = _users.GetValueOrDefault(copy.From.Name) + by;
        _users[copy.To.Name] = _users.GetValueOrDefault(copy.To.Name) + by;
    }

    private double Share(Host host) => MemoryCopy.LinkOf(host) / _users[host.Name];

    /// <summary>Takes what was copied since the last change off what is left.</summary>
    private void Settle()
    {
        var seconds = (time.GetUtcNow() - _settled).TotalSeconds;
        _settled = time.GetUtcNow();
        foreach (var copy in _copies) copy.Left -= copy.GainsPerSecond * seconds;
    }

    private void Arrange()
    {
        _next?.Dispose();
        _next = null;
        foreach (var copy in _copies) copy.Have(Math.Min(copy.Most, Math.Min(Share(copy.From), Share(copy.To))));
        var first = _copies.Where(c => double.IsFinite(c.Left) && c.GainsPerSecond > 0).Select(c => c.Left / c.GainsPerSecond).DefaultIfEmpty(double.PositiveInfinity).Min();
        if (double.IsFinite(first)) _next = time.CreateTimer(_ => Arrive(), null, TimeSpan.FromSeconds(Math.Max(0, first)), Timeout.InfiniteTimeSpan);
    }

    private void Arrive()
    {
        Settle();
        foreach (var copy in _copies.Where(c => c.Left <= c.GainsPerSecond * Remainder).ToList()) copy.Over.TrySetResult();
    }

    private sealed class Copy(Host from, Host to, double bytes, double dirty, double most)
    {
        public Host From => from;

        public Host To => to;

        public double Most => most;

        public double Bytes { get; } = bytes;

        /// <summary>Of those bytes.</summary>
        public double Left { get; set; } = bytes;

        public double GainsPerSecond { get; private set; }

        public void Have(double bytesPerSecond) => GainsPerSecond = double.IsFinite(Bytes) ? MemoryCopy.Gains(Bytes, dirty, bytesPerSecond) : bytesPerSecond;

        public TaskCompletionSource Over { get; } = new();
    }
}
