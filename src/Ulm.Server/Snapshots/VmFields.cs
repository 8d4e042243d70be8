using System.Collections.Immutable;
using System.Text.Json;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Snapshots;

/// <summary>A VM of a snapshot before its host is known.</summary>
/// <param name="CpuMips">Null: as fast as its host's CPUs.</param>
internal sealed record VmDraft(
    JsonNode Node, JsonNode HostNode, string Name, string Host, int Vcpus, double? CpuMips, long MemoryBytes, double? DirtyBytesPerSecond, double CpuPercent, ImmutableHashSet<string> Tags, string? Stays)
{
    public Vm ToVm(Host host) => new()
    {
        Name = Name,
        Host = Host,
        Vcpus = Vcpus,
        CpuMips = CpuMips ?? host.CpuMips,
        MemoryBytes = MemoryBytes,
        DirtyBytesPerSecond = DirtyBytesPerSecond,
        Tags = Tags,
        NotMigratableBecause = Stays,
    };
}

/// <summary>Reads one VM of a snapshot.</summary>
internal sealed class VmFields(FileFaults faults, TextPositions positions)
{
    /// <returns>Null where it has a fault.</returns>
    public VmDraft? Read(JsonNode node)
    {
        var before = faults.Count;
        var fields = new FieldReader(node, "a vm", faults, positions);
        if (node.Kind != JsonTokenType.StartObject)
        {
            fields.Fault(node, $"a vm is {node.KindInWords}, where an object is needed");
            return null;
        }

        fields.Knows("name", "host", "vcpus", "cpuMips", "memoryMiB", "dirtyMiBps", "cpu", "tags", "notMigratable");
        var name = fields.Text("name", "each VM has a name");
        if (name is not null && name.AsSpan().ContainsAny('[', ']'))
            fields.Fault(fields.Find("name")!, $"vm `{name}` has brackets in its name", "only hosts can be written as a range; give each VM an entry of its own");
        var host = fields.Text("host", "write the host it runs on: `\"host\": \"h1\"`; leave out VMs that do not run");
        var vcpus = fields.Whole("vcpus", 1, HostFields.MostCpus, "write how many vCPUs it has: `\"vcpus\": 2`");
        var memory = fields.Whole("memoryMiB", 1, HostFields.MostMemoryMiB, "write how much memory it has, in MiB: `\"memoryMiB\": 4096`");
        var mips = fields.Number("cpuMips", 1, 10_000_000);
        var dirty = fields.Number("dirtyMiBps", 0, 1_000_000);
        var cpu = fields.Number("cpu", 0, 100) ?? 0;
        var tags = fields.Tags("tags");
        var stays = fields.Find("notMigratable") is null ? null : fields.Text("notMigratable", "write why it can't be moved while it runs, such as `\"notMigratable\": \"it uses a pci device of its host\"`; leave it out where it can");
        return faults.Count == before
            ? new VmDraft(node, fields.Find("host")!, name!, host!, vcpus!.Value, mips, (long)memory!.Value << 20, dirty * (1 << 20), cpu, tags, stays)
            : null;
    }
}
