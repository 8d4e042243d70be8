namespace Ulm.Libvirt.Domains;

/// <summary>
/// Gathers the fields of one stats record by libvirt's names (<c>virConnectGetAllDomainStats</c>'s manual). Memory comes in KiB, the dirty rate in MiB.
/// </summary>
internal struct StatsFields
{
    private const long DirtyRateMeasured = 2;   // VIR_DOMAIN_DIRTYRATE_MEASURED; before, what stands beside it is none

    private int _state, _reason;
    private long? _cpuTime, _vcpus, _vcpusMaximum, _balloon, _balloonMaximum, _rss, _unused, _available, _received, _sent, _read, _written, _dirty;
    private bool _isDirtyMeasured;

    public void Take(ReadOnlySpan<byte> name, long value)
    {
        if (name.SequenceEqual("state.state"u8)) _state = (int)value;
        else if (name.SequenceEqual("state.reason"u8)) _reason = (int)value;
        else if (name.SequenceEqual("cpu.time"u8)) _cpuTime = value;
        else if (name.SequenceEqual("vcpu.current"u8)) _vcpus = value;
        else if (name.SequenceEqual("vcpu.maximum"u8)) _vcpusMaximum = value;
        else if (name.SequenceEqual("dirtyrate.calc_status"u8)) _isDirtyMeasured = value == DirtyRateMeasured;
        else if (name.SequenceEqual("dirtyrate.megabytes_per_second"u8)) _dirty = value << 20;
        else if (name.StartsWith("balloon."u8)) TakeBalloon(name[8..], value * 1024);
        else if (name.StartsWith("net."u8)) TakeSum(name, ".rx.bytes"u8, ".tx.bytes"u8, value, ref _received, ref _sent);
        else if (name.StartsWith("block."u8)) TakeSum(name, ".rd.bytes"u8, ".wr.bytes"u8, value, ref _read, ref _written);
    }

    public readonly DomainState State => (DomainState)_state;

    /// <summary><c>VIR_DOMAIN_PAUSED_MIGRATION</c>, <c>VIR_DOMAIN_PAUSED_STARTING_UP</c>.</summary>
    public readonly bool Incoming => (State, _reason) is (DomainState.Paused, 2 or 11);

    /// <summary><c>VIR_DOMAIN_RUNNING_POSTCOPY</c>, <c>VIR_DOMAIN_PAUSED_POSTCOPY</c>.</summary>
    public readonly bool InPostCopy => (State, _reason) is (DomainState.Running, 10) or (DomainState.Paused, 12);

    /// <summary><c>VIR_DOMAIN_RUNNING_POSTCOPY_FAILED</c>, <c>VIR_DOMAIN_PAUSED_POSTCOPY_FAILED</c>.</summary>
    public readonly bool PostCopyFailed => (State, _reason) is (DomainState.Running, 11) or (DomainState.Paused, 13);

    public readonly DomainStats ToStats(string name, Guid uuid, DateTimeOffset at) => new(
        name, uuid, State, at, _cpuTime, (int?)_vcpus, (int?)_vcpusMaximum, _balloon, _balloonMaximum, _rss, _unused, _available,
        _received, _sent, _read, _written) { DirtyBytesPerSecond = _isDirtyMeasured ? _dirty : null };

    private void TakeBalloon(ReadOnlySpan<byte> name, long bytes)
    {
        if (name.SequenceEqual("current"u8)) _balloon = bytes;
        else if (name.SequenceEqual("maximum"u8)) _balloonMaximum = bytes;
        else if (name.SequenceEqual("rss"u8)) _rss = bytes;
        else if (name.SequenceEqual("unused"u8)) _unused = bytes;
        else if (name.SequenceEqual("available"u8)) _available = bytes;
    }

    private static void TakeSum(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> inSuffix, ReadOnlySpan<byte> outSuffix, long value, ref long? incoming, ref long? outgoing)
    {
        if (name.EndsWith(inSuffix)) incoming = (incoming ?? 0) + value;
        else if (name.EndsWith(outSuffix)) outgoing = (outgoing ?? 0) + value;
    }
}
