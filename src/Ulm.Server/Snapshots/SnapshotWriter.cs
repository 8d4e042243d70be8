using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Snapshots;

/// <summary>Writes a site as a snapshot file, <c>ulm.site/1</c>, that <see cref="SnapshotReader"/> reads back as the same site.</summary>
public static class SnapshotWriter
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="facts">A VM whose CPU use is not known is written without it, which means 0 to readers.</param>
    /// <returns>UTF-8 text that ends in a line end.</returns>
    /// <param name="muninFields">Null: not told.</param>
    /// <param name="onlySeen">Leave out hosts that have not answered yet: their size would be made up, and planned with. They are named in any case.</param>
    public static string Write(SiteFacts facts, IEnumerable<string>? muninFields = null, bool onlySeen = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("schema", SiteSnapshot.Schema);
            json.WriteStartArray("hosts");
            foreach (var host in facts.Site.Hosts.Where(h => IsSeen(h) || !onlySeen)) Write(json, host);
            json.WriteEndArray();
            if (!facts.Site.Hosts.All(IsSeen))
            {
                json.WriteStartArray(SiteSnapshot.NotSeen);
                foreach (var host in facts.Site.Hosts.Where(h => !IsSeen(h))) json.WriteStringValue(host.Name);
                json.WriteEndArray();
            }

            json.WriteStartArray("vms");
            foreach (var vm in facts.Site.Vms) Write(json, vm, facts.Read(vm.Ref, PolicyAttribute.VmCpu));
            json.WriteEndArray();
            if (muninFields is not null)
            {
                json.WriteStartArray("munin");
                foreach (var field in muninFields) json.WriteStringValue(field);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static bool IsSeen(Host host) => host.MemoryBytes > 1;

    private static void Write(Utf8JsonWriter json, Host host)
    {
        json.WriteStartObject();
        json.WriteString("name", host.Name);
        json.WriteString("cluster", host.Cluster);
        json.WriteNumber("cpus", host.Cpus);
        json.WriteNumber("cpuMips", host.CpuMips);
        json.WriteNumber("memoryMiB", Math.Max(1, host.MemoryBytes >> 20));   // a reader takes no 0, which is what an unknown size comes to
        json.WriteNumber("netMbps", host.NetMbps);
        json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(host.State.ToString()));
        WriteTags(json, host.Tags);
        if (host.CpuModel is { } model) json.WriteString("cpuModel", model);
        json.WriteStartObject("power");
        json.WriteStartArray("watts");
        foreach (var watts in host.Power.Watts) json.WriteNumberValue(watts);
        json.WriteEndArray();
        json.WriteNumber("offWatts", host.Power.OffWatts);
        json.WriteNumber("bootSeconds", host.BootTime.TotalSeconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Vm vm, Reading cpu)
    {
        json.WriteStartObject();
        json.WriteString("name", vm.Name);
        json.WriteString("host", vm.Host);
        json.WriteNumber("vcpus", vm.Vcpus);
        json.WriteNumber("cpuMips", vm.CpuMips);
        json.WriteNumber("memoryMiB", Math.Max(1, vm.MemoryBytes >> 20));   // a reader takes no 0, which is what an unknown size comes to
        if (vm.DirtyBytesPerSecond is { } dirty) json.WriteNumber("dirtyMiBps", Math.Round(dirty / (1 << 20), 3));
        if (cpu.IsKnown) json.WriteNumber("cpu", Math.Clamp(Math.Round(cpu.Value, 2), 0, 100));
        WriteTags(json, vm.Tags);
        if (vm.NotMigratableBecause is { } because) json.WriteString("notMigratable", because);
        json.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter json, IEnumerable<string> tags)
    {
        json.WriteStartArray("tags");
        foreach (var tag in tags.Order(StringComparer.Ordinal)) json.WriteStringValue(tag);
        json.WriteEndArray();
    }
}
