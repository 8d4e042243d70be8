namespace Ulm.Munin.Tests;

/// <summary>Against Debian's munin-node with Debian's plugins and three of our own.</summary>
public class RealNodeTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private static readonly string[] Debian = ["cpu", "memory", "load", "uptime"];

    private static readonly Dictionary<string, string> Own = new()
    {
        ["many"] = """
            if [ "$1" = config ]; then
              printf 'multigraph many_io\ngraph_title IO\nread.label read\nread.type COUNTER\nread.max 1000000000\n'
              printf 'multigraph many_io.sda\ngraph_title sda\nread.label read\n'
              exit 0
            fi
            printf 'multigraph many_io\nread.value 18446744073709551615\nmultigraph many_io.sda\nread.value U\n'
            """,
        ["dirty"] = """
            if [ "$1" = config ]; then
              printf 'graph_title Dirty\nticks.label ticks\nticks.type DERIVE\nticks.min 0\n'
              [ "$MUNIN_CAP_DIRTYCONFIG" = 1 ] && printf 'ticks.value 1700000000:1000\n'
              exit 0
            fi
            printf 'ticks.value 1700000010:1500\n'
            """,
        ["broken"] = """
            [ "$1" = config ] && { echo a.label a; exit 0; }
            exit 3
            """,
    };

    [Fact]
    public async Task Node_ListsConfiguresAndFetches()
    {
        await using var real = await RealMuninNode.StartAsync(Debian, Own);
        await using var node = new MuninNode(real.Options, TimeProvider.System);

        var capabilities = await node.CapabilitiesAsync(_ct);
        Assert.Equal(("real.test", true, true, false),
            (capabilities.NodeName, capabilities.Multigraph, capabilities.DirtyConfig, capabilities.Encrypted));
        Assert.Equal(["real.test"], await node.NodesAsync(_ct));
        Assert.Equal(["broken", "cpu", "dirty", "load", "many", "memory", "uptime"], (await node.ListAsync(ct: _ct)).Order(StringComparer.Ordinal));
        Assert.Equal(7, (await node.ListAsync("real.test", _ct)).Count);
        Assert.Empty(await node.ListAsync("unknown.test", _ct));

        var cpu = Assert.Single(await node.ConfigAsync("cpu", _ct));
        Assert.Equal(("cpu", "CPU usage"), (cpu.Name, cpu.Title));
        var user = Assert.Single(cpu.Fields, f => f.Name == "user");
        Assert.Equal(("user", MuninFieldType.Derive, 0d), (user.Label, user.Type, user.Min));
        var ticks = Assert.Single(await node.FetchAsync("cpu", _ct));
        Assert.Equal(cpu.Fields.Select(f => f.Name).Order(), ticks.Values.Select(v => v.Field).Order());
        Assert.All(ticks.Values, v => Assert.True(v.Integer >= 0));

        var many = await node.ConfigAsync("many", _ct);
        Assert.Equal([("many_io", MuninFieldType.Counter), ("many_io.sda", MuninFieldType.Gauge)], many.Select(g => (g.Name, Assert.Single(g.Fields).Type)));
        var values = await node.FetchAsync("many", _ct);
        Assert.Equal([("many_io", (Int128?)ulong.MaxValue), ("many_io.sda", null)], values.Select(g => (g.Graph, Assert.Single(g.Values).Integer)));

        var dirty = Assert.Single(await node.ConfigAsync("dirty", _ct));
        Assert.Equal(1000, Assert.Single(dirty.Values!.Values).Value);

        Assert.Equal(MuninFault.UnknownPlugin, (await Assert.ThrowsAsync<MuninException>(() => node.FetchAsync("nosuch", _ct))).Fault);
        Assert.Equal(MuninFault.PluginFailed, (await Assert.ThrowsAsync<MuninException>(() => node.FetchAsync("broken", _ct))).Fault);
        Assert.Equal(1, node.Connections);
    }

    [Fact]
    public async Task Collector_TurnsTwoLooksIntoRates_AndLivesThroughARestart()
    {
        await using var real = await RealMuninNode.StartAsync(Debian, Own);
        await using var node = new MuninNode(real.Options, TimeProvider.System);
        var collector = new MuninCollector(node, TimeProvider.System, new MuninCollectorOptions { PollTimeout = Limits.Guard });
        string[] plugins = [.. Debian, .. Own.Keys, "nosuch"];

        var first = await collector.PollAsync(plugins, _ct);
        Assert.Equal([("broken", MuninFault.PluginFailed), ("nosuch", MuninFault.UnknownPlugin)], first.Faults.Select(f => (f.Key, f.Value.Fault)).Order());
        Assert.True(first.Readings["load.load"].Value >= 0);
        Assert.True(first.Readings["memory.free"].Value > 0);
        Assert.True(first.Readings["uptime.uptime"].Value > 0);
        Assert.Equal("a rate needs two samples, this is the first", first.Readings["cpu.idle"].UnknownBecause);
        Assert.Equal("the plugin says unknown (U)", first.Readings["many_io.sda.read"].UnknownBecause);

        var second = await collector.PollAsync(plugins, _ct);
        // On a busy machine a field can touch its maximum, and the kernel's idle time at times runs backwards; but all have had two samples.
        var cpu = second.Readings.Where(r => r.Key.StartsWith("cpu.", StringComparison.Ordinal)).Select(r => r.Value).ToList();
        Assert.All(cpu, r => Assert.True(r.Value >= 0 || r.UnknownBecause!.Contains("maximum") || r.UnknownBecause.Contains("fell"), r.ToString()));
        Assert.Contains(cpu, r => r.Value >= 0);
        Assert.Equal(50, second.Readings["dirty.ticks"].Value); // 1000 with the config, 1500 fetched, ten seconds of plugin time between
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_010), second.Readings["dirty.ticks"].At);
        Assert.Equal(0, second.Readings["many_io.read"].Value);

        await real.KillAsync();
        var down = await collector.PollAsync(plugins, _ct);
        Assert.NotNull(down.NodeFault);
        Assert.Equal(plugins.Order(), down.Faults.Keys.Order());
        Assert.All(down.Readings.Values, r => Assert.Null(r.Value));

        await real.RestartAsync();
        var again = await collector.PollAsync(plugins, _ct);
        Assert.NotNull(again.Readings["many_io.read"].Value); // the machine did not restart, so the series goes on over the gap
        Assert.Equal(2, node.Connections);
    }

    [Fact]
    public async Task Twenty_ConcurrentCallers_OfOneRealNode()
    {
        await using var real = await RealMuninNode.StartAsync(["load"], Own);
        await using var node = new MuninNode(real.Options, TimeProvider.System);
        var calls = Enumerable.Range(0, 20).Select(async i => i % 2 == 0
            ? Assert.Single(await node.FetchAsync("load", _ct)).Values.Single().Field
            : Assert.Single(await node.FetchAsync("dirty", _ct)).Values.Single().Field);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "load" : "ticks"), await Task.WhenAll(calls));
        Assert.Equal(1, node.Connections);
    }
}
