using System.Collections.Concurrent;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>
/// How fast guests write to their memory, measured by their hypervisors: with each poll of a host a second's measurement begins of a few of its guests,
/// and a later poll finds the results among the counters. Safe to use from any thread.
/// </summary>
/// <remarks>
/// QEMU reads 512 pages a GiB twice: 2 ms of the host's CPU for each GiB of the guest (docs/adr/0017). It is asked on a connection of its own, as libvirt
/// lets a call wait for half a minute where a migration has begun meanwhile.
/// </remarks>
internal sealed class DirtyRates
{
    /// <summary>Within so many polls all guests of a host are measured.</summary>
    private const int Polls = 10;

    private readonly ConcurrentDictionary<Guid, long> _rates = [];
    private readonly ConcurrentDictionary<Guid, long> _begun = [];
    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _cannot = new(StringComparer.Ordinal);
    private long _begins;

    /// <summary>Bytes per second, as last measured on whichever host; null: not yet.</summary>
    public double? Find(Guid guest) => _rates.TryGetValue(guest, out var rate) ? rate : null;

    /// <summary>Why a host's guests can't be measured; null: they can, or it was not tried yet.</summary>
    public string? CannotBecause(string host) => _cannot.GetValueOrDefault(host);

    /// <summary>Takes what was measured, and begins to measure those whose turn it is; does not wait for that.</summary>
    /// <param name="begin">Begins the measurement of one guest.</param>
    public void Learn(string host, HypervisorPoll poll, Func<Guid, Task> begin)
    {
        foreach (var guest in poll.Active) if (guest.DirtyBytesPerSecond is { } rate) _rates[guest.Uuid] = rate;
        if (_cannot.ContainsKey(host) || _underWay.GetValueOrDefault(host) is { IsCompleted: false }) return;
        // A guest that is paused is about to run, or to arrive from elsewhere: what it writes now says nothing.
        var running = poll.Active.Where(g => g.State is DomainState.Running or DomainState.Blocked).Select(g => g.Uuid).ToList();
        var turn = running.OrderBy(g => _begun.GetValueOrDefault(g)).ThenBy(g => g).Take((running.Count + Polls - 1) / Polls).ToList();
        _underWay[host] = MeasureAsync(host, turn, begin);
    }

    /// <summary>Forgets a host's refusal: its libvirt was away, and may be another one now.</summary>
    public void Forget(string host) => _cannot.TryRemove(host, out _);

    public void Keep(Func<Guid, bool> exists)
    {
        foreach (var gone in _rates.Keys.Concat(_begun.Keys).Where(g => !exists(g)).ToList())
        {
            _rates.TryRemove(gone, out _);
            _begun.TryRemove(gone, out _);
        }
    }

    private async Task MeasureAsync(string host, IEnumerable<Guid> guests, Func<Guid, Task> begin)
    {
        foreach (var guest in guests)
        {
            // Also where it fails: the others' turn comes first.
            _begun[guest] = Interlocked.Increment(ref _begins);
            try
            {
                await begin(guest);
            }
            catch (LibvirtException e) when (e.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.ConfigUnsupported)
            {
                _cannot[host] = e.Message;
                return;
            }
            catch (Exception e) when (LibvirtFailure.Is(e) || e is ObjectDisposedException or OperationCanceledException)
            {
                // It is being measured already, has gone, or its host does not answer: its turn comes again.
            }
        }
    }
}
