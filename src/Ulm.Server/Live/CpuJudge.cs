using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ulm.Engine.Planning;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>Knows which CPUs that guests need a host can't give them, by asking its hypervisor once for each. Safe to use from any thread.</summary>
internal sealed class CpuJudge
{
    private readonly ConcurrentDictionary<(string Host, string Cpu), bool> _usable = [];

    /// <summary>A short name for a CPU definition: equal definitions have equal names.</summary>
    public static string NameOf(string cpuXml) => CpuModels.AskedPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cpuXml)).AsSpan(0, 4));

    public async Task LearnAsync(ManagedHost host, IEnumerable<string> cpus, CancellationToken ct)
    {
        foreach (var cpu in cpus.Where(c => !_usable.ContainsKey((host.Config.Name, NameOf(c)))))
        {
            try
            {
                var verdict = await host.Libvirt.CompareCpuAsync(cpu, ct);
                _usable[(host.Config.Name, NameOf(cpu))] = verdict is CpuComparison.Identical or CpuComparison.Superset;
            }
            catch (Exception e) when (LibvirtFailure.Is(e))
            {
                // Not known yet: until it is, the host is not offered to such guests.
            }
        }
    }

    public ImmutableHashSet<string> Unusable(string host, IEnumerable<string> cpus) =>
        [.. cpus.Select(NameOf).Where(name => !_usable.GetValueOrDefault((host, name)))];
}
