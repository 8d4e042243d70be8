using System.Collections.Immutable;

namespace Ulm.Engine.Planning;

/// <summary>
/// Packs VMs into the room that hosts have left: what consolidation asks for each number of hosts that it tries to empty. Pure: the same task has the same
/// answer, on every machine. What it answers is put to all filters and constraints before anything is done.
/// </summary>
public interface IPackingSolver
{
    /// <summary>So many hosts are given to it at once; larger clusters are cut into groups.</summary>
    int MostHosts { get; }

    /// <summary>What it may take for one consolidation, all tasks together.</summary>
    double Seconds { get; }

    /// <param name="seconds">What it may take for this task; counted, not measured, so that the answer does not depend on the machine.</param>
    /// <returns>By item the number of its host; null: none was found.</returns>
    ImmutableArray<int>? Pack(PackingTask task, double seconds);
}

/// <param name="MemoryRoom">By host, bytes, beside what is there; less than 0 where it is beyond its limit.</param>
/// <param name="CpuRoom">By host, MIPS.</param>
/// <param name="MayGo">Item, host: what else speaks for or against it.</param>
public sealed record PackingTask(ImmutableArray<double> MemoryRoom, ImmutableArray<double> CpuRoom, ImmutableArray<PackingItem> Items, Func<int, int, bool> MayGo);

/// <param name="Memory">Bytes.</param>
/// <param name="Cpu">MIPS.</param>
/// <param name="Home">The host where it is and may stay, for which nothing is copied; -1: it has to go.</param>
public readonly record struct PackingItem(double Memory, double Cpu, int Home);
