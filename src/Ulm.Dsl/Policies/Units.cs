namespace Ulm.Dsl.Policies;

/// <summary>What a quantity counts. Values are always kept in the unit named here; the text form is only for people.</summary>
public enum Unit
{
    /// <summary>Per cent, 0 to 100.</summary>
    Percent,

    /// <summary>A plain number: loads, counts of hosts and VMs.</summary>
    Count,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Bytes per second.</summary>
    BytesPerSecond,

    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Watts.</summary>
    Watts,

    /// <summary>Whatever munin says: the unit is the plugin's own, and constants of any unit may be held against it.</summary>
    Any,
}
