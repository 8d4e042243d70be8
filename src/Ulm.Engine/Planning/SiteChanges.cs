using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>What <see cref="FactsHash"/> tells apart, in words.</summary>
public static class SiteChanges
{
    private const int MostNamed = 5;

    /// <summary><c>vm web1 is on h3 now, not on h1; host h4 is off now, not on</c>. Empty: nothing that a plan rests on.</summary>
    public static string Between(Site before, Site now)
    {
        var changes = All(before, now).ToImmutableArray();
        return string.Join("; ", changes.Take(MostNamed)) + (changes.Length > MostNamed ? $"; and {changes.Length - MostNamed} more" : "");
    }

    private static IEnumerable<string> All(Site before, Site now)
    {
        foreach (var host in before.Hosts)
        {
            if (now.FindHost(host.Name) is not { } then) yield return $"host {host.Name} is gone";
            else if (then.State != host.State) yield return $"host {host.Name} is {SiteFacts.Describe(then.State)} now, not {SiteFacts.Describe(host.State)}";
        }

        foreach (var host in now.Hosts) if (before.FindHost(host.Name) is null) yield return $"host {host.Name} is new";
        foreach (var vm in before.Vms)
        {
            if (now.FindVm(vm.Name) is not { } then) yield return $"vm {vm.Name} is gone";
            else if (then.Host != vm.Host) yield return $"vm {vm.Name} is on {then.Host} now, not on {vm.Host}";
            else if (then.MemoryBytes != vm.MemoryBytes) yield return $"vm {vm.Name} has {Show.Bytes(then.MemoryBytes)} now, not {Show.Bytes(vm.MemoryBytes)}";
        }

        foreach (var vm in now.Vms) if (before.FindVm(vm.Name) is null) yield return $"vm {vm.Name} is new, on {vm.Host}";
    }
}
