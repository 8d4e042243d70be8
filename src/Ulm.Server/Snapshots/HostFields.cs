using System.Collections.Immutable;
using System.Text.Json;
using Ulm.Dsl.Text;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Snapshots;

/// <summary>Reads one host of a snapshot, or a range of equal ones.</summary>
internal sealed class HostFields(FileFaults faults, TextPositions positions)
{
    private const double MostMips = 10_000_000, MostMbps = 10_000_000, MostWatts = 1_000_000;

    /// <summary>Above any machine there is: what is beyond is a slip of the unit.</summary>
    public const int MostCpus = 8192, MostMemoryMiB = 1 << 28;

    private static readonly Dictionary<string, HostState> States =
        Enum.GetValues<HostState>().ToDictionary(s => JsonNamingPolicy.CamelCase.ConvertName(s.ToString()), StringComparer.Ordinal);

    /// <returns>The names it stands for, as far as they could be read; the host, null where it has a fault.</returns>
    public (IReadOnlyList<string> Names, Host? Host) Read(JsonNode node)
    {
        var before = faults.Count;
        var fields = new FieldReader(node, "a host", faults, positions);
        if (node.Kind != JsonTokenType.StartObject)
        {
            fields.Fault(node, $"a host is {node.KindInWords}, where an object is needed");
            return ([], null);
        }

        fields.Knows("name", "cluster", "cpus", "cpuMips", "memoryMiB", "netMbps", "state", "tags", "cpuModel", "power");
        var name = fields.Text("name", "each host has a name");
        var cpus = fields.Whole("cpus", 1, MostCpus, "write how many CPUs it has: `\"cpus\": 8`");
        var memory = fields.Whole("memoryMiB", 1, MostMemoryMiB, "write how much memory it has, in MiB: `\"memoryMiB\": 65536`");
        var host = new Host
        {
            Name = name ?? "",
            Cpus = cpus ?? 1,
            MemoryBytes = (long)(memory ?? 1) << 20,
            Cluster = fields.Text("cluster") ?? Host.DefaultCluster,
            CpuModel = fields.Text("cpuModel"),
            Tags = fields.Tags("tags"),
            State = State(fields) ?? HostState.On,
        };
        host = host with
        {
            CpuMips = fields.Number("cpuMips", 1, MostMips) ?? host.CpuMips,
            NetMbps = fields.Number("netMbps", 1, MostMbps) ?? host.NetMbps,
        };
        if (fields.Find("power") is { } power) host = ReadPower(power, host);
        return (Names(fields, name), faults.Count == before ? host : null);
    }

    private static IReadOnlyList<string> Names(FieldReader fields, string? name)
    {
        if (name is null) return [];
        var (names, fault) = HostRange.Expand(name);
        if (fault is not null) fields.Fault(fields.Find("name")!, fault, "write a range as `node[001-300]`");
        return names;
    }

    private static HostState? State(FieldReader fields)
    {
        if (fields.Text("state") is not { } text) return null;
        if (States.TryGetValue(text, out var state)) return state;
        var nearest = NearestWord.Find(text, States.Keys);
        fields.Fault(fields.Find("state")!, $"\"{text}\" is not a state of a host",
            nearest is not null ? $"did you mean `{nearest}`?" : $"states are {string.Join(", ", States.Keys.Select(s => $"`{s}`"))}");
        return null;
    }

    private Host ReadPower(JsonNode node, Host host)
    {
        var fields = new FieldReader(node, "a `power` entry", faults, positions);
        if (node.Kind != JsonTokenType.StartObject)
        {
            fields.Fault(node, $"`power` is {node.KindInWords}, where an object is needed", "write `\"power\": { \"watts\": [...], \"offWatts\": 0, \"bootSeconds\": 120 }`");
            return host;
        }

        fields.Knows("watts", "offWatts", "bootSeconds", "shutdownSeconds");
        var off = fields.Number("offWatts", 0, MostWatts) ?? 0;
        var (boot, shutdown) = (fields.Number("bootSeconds", 0, 86_400), fields.Number("shutdownSeconds", 0, 86_400));
        var watts = fields.Find("watts") is { } list ? Watts(fields, list) : host.Power.Watts;
        return host with
        {
            Power = watts is { Length: PowerCurve.Points } ? new PowerCurve(watts, off) : host.Power,
            BootTime = boot is { } seconds ? TimeSpan.FromSeconds(seconds) : host.BootTime,
            ShutdownTime = shutdown is { } also ? TimeSpan.FromSeconds(also) : host.ShutdownTime,
        };
    }

    private static ImmutableArray<double> Watts(FieldReader fields, JsonNode list)
    {
        if (list.Kind != JsonTokenType.StartArray || list.Items.Count != PowerCurve.Points)
        {
            fields.Fault(list, list.Kind == JsonTokenType.StartArray ? $"`watts` has {list.Items.Count} figures, not {PowerCurve.Points}" : $"`watts` is {list.KindInWords}, where a list is needed",
                "write the draw at 0, 10, ... 100 % CPU");
            return [];
        }

        var figures = list.Items.Select(i => fields.Number(i, "a figure of `watts`", 0, MostWatts)).ToList();
        return figures.All(f => f is not null) ? [.. figures.Select(f => f!.Value)] : [];
    }
}
