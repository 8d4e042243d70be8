namespace Ulm.Libvirt;

/// <summary>How a host's CPU stands to a described one (<c>virCPUCompareResult</c>).</summary>
public enum CpuComparison
{
    /// <summary>The host lacks something of the described CPU: a guest with that CPU can't run there.</summary>
    Incompatible = 0,

    /// <summary>The same.</summary>
    Identical = 1,

    /// <summary>The host has all of it and more.</summary>
    Superset = 2,
}
