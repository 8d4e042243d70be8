using System.Security.Cryptography;
using System.Text;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Planning;

/// <summary>A short fingerprint of what a plan rests on: which hosts are in which state and which VM is where. Load is left out: it always moves.</summary>
public static class FactsHash
{
    public static string Of(SiteFacts facts)
    {
        var text = new StringBuilder();
        foreach (var host in facts.Site.Hosts) text.Append(host.Name).Append(' ').Append(host.State).Append('\n');
        foreach (var vm in facts.Site.Vms) text.Append(vm.Name).Append(' ').Append(vm.Host).Append(' ').Append(vm.MemoryBytes).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
