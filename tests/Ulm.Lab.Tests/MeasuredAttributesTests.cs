using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>Rules on what munin says of real hosts beside CPU: fields of any plugin, network, disks, a guest's own fields; and on what it does not say.</summary>
public sealed class MeasuredAttributesTests(LabSite lab) : LabTest(lab)
{
    // A balance to within 100% never has anything to gain: these rules only show that they fire.
    private const string Sentences = """
        policy crowded when host.munin["libvirt-cputime.total_pc"] > 12 and host.vms > 1 for 4s then evacuate heaviest fitting vm to hosts where named "h2"
        policy traffic when host.net.in > 50KiB/s then balance to within 100%
        policy disk when host.disk.write > 1KiB/s and host.uptime > 1s then balance to within 100%
        policy guest when vm.munin["libvirt-mem.mem"] > 1MiB and vm.memory > 1MiB then balance to within 100%
        policy fan when host.munin["sensors_fan.fan1"] < 500 then balance to within 100%
        """;

    protected override int Hosts => 2;

    [Fact]
    public async Task Rules_on_munin_fields_network_and_disks_fire_on_real_hosts()
    {
        await Lab.VmAsync("web-1", "h1", load: 0.4);
        await Lab.VmAsync("web-2", "h1", load: 0.1);
        await Lab.TicksOnAsync("web-1");
        using var setup = await UlmSetup.OfAsync(Lab, Sentences);
        await using var server = await UlmServer.StartAsync(setup);

        // The guests' share of CPU, by libvirt's plugin of munin; the move that follows is seen by the network of the host it goes to.
        await server.TellsAsync("decided", "crowded fires on host/h1: host.munin[\"libvirt-cputime.total_pc\"] = ");
        await server.TellsAsync("done", "migrate vm web-1 from h1 to h2");
        // (Of several that fire on one host at once one is decided for, so it is their firing that is looked for.)
        await server.TellsAsync("firing", "traffic firing on host/h2: host.net.in = ");
        await server.TellsAsync("firing", "disk firing on host/h1: host.disk.write = ");
        await server.TellsAsync("firing", "guest firing on vm/web-1: vm.munin[\"libvirt-mem.mem\"] = ");

        // What a node does not have is told once, and no rule fires on it.
        await server.TellsAsync("fault", "h1's munin-node has no plugin `sensors_fan`; host.munin[\"sensors_fan.fan1\"] is unknown there");
        Assert.Equal(0, server.Count("firing", "fan "));
        Assert.Equal(1, server.Count("fault", "h1's munin-node has no plugin `sensors_fan`"));
        Assert.Equal("h2", await Lab.WhereIsAsync("web-1"));
        await server.StopAsync();
    }
}
