using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>Policies are changed while the server runs, and sometimes wrongly.</summary>
public sealed class PolicyReloadTests(LabSite lab) : LabTest(lab)
{
    [Fact]
    public async Task A_faulty_policy_file_changes_nothing_but_is_told_and_a_corrected_one_counts()
    {
        await Lab.VmAsync("light", "h1", load: 0.1);
        await Lab.VmAsync("heavy", "h1", load: 0.1);
        await Lab.TicksOnAsync("heavy");
        using var setup = await UlmSetup.OfAsync(Lab, "policy relieve\nwhen host.cpu > 43% for 4s then evacuate heaviest fitting vm\n");
        await using var server = await UlmServer.StartAsync(setup);

        setup.WritePolicies("wake.ulm", "policy wake-up\nwhen host.cpuu > 90% for 1m then power on 1 host\n");
        var told = await server.TellsAsync("policies", "the 1 rule(s) that ran before stay in force");
        Assert.Contains("wake.ulm:2:6", told.Text);
        await Poll.UntilAsync("the place and its text on stderr", () => Task.FromResult(
            server.Errors.Contains($"{setup.Policies}/wake.ulm:2:6", StringComparison.Ordinal) && server.Errors.Contains('^')));
        Assert.Contains("when host.cpuu > 90% for 1m then power on 1 host", server.Errors);
        Assert.Equal(["relieve"], (await server.StatusAsync()).Rules.Select(r => r.Name));
        Assert.Single(await server.JournalAsync("policies"));

        // The set before it is not only shown: it works.
        await Lab.LoadAsync("light", 0.3);
        await Lab.LoadAsync("heavy", 0.38);
        await server.TellsAsync("done", "migrate vm heavy from h1");

        setup.WritePolicies("wake.ulm", "policy wake-up\nwhen host.cpu > 90% for 1m then power on 1 host\n");
        await server.TellsAsync("policies", "2 rule(s) in force");
        Assert.Equal(["relieve", "wake-up"], (await server.StatusAsync()).Rules.Select(r => r.Name).Order());
        await server.StopAsync();
    }
}
