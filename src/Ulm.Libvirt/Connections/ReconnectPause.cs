namespace Ulm.Libvirt.Connections;

/// <summary>
/// How long to leave a host alone between two attempts to reach it: doubling from the first pause to the longest. A connection that lived
/// longer than the longest pause starts over; one that dies young counts as a failure. Not thread-safe.
/// </summary>
internal sealed class ReconnectPause(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    public TimeSpan Failed()
    {
        var pause = first * Math.Pow(2, Math.Min(_failures, 30));
        _failures++;
        return pause < longest ? pause : longest;
    }

    public TimeSpan Lost(TimeSpan lived)
    {
        if (lived > longest) _failures = 0;
        return Failed();
    }
}
