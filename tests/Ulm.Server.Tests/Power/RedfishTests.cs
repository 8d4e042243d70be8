using System.Security.Cryptography;
using Ulm.Engine.Actions;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Power;

public sealed class RedfishTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_machine_is_powered_on_shut_down_and_cut_in_one_session(bool actionInfo)
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        bmc.SaysTypesInActionInfo = actionInfo;
        await using (var setup = Redfish(bmc))
        {
            Assert.Equal(PowerState.Off, await setup.State);
            await setup.Power.PowerOnAsync(PowerSetup.Host, default);
            Assert.Equal(PowerState.On, await setup.State);
            await PowerSetup.UntilAsync(() => Task.FromResult(bmc.PowerState == "On"), "it is on");
            await setup.Power.PowerOffAsync(PowerSetup.Host, default);
            Assert.Equal("Off", bmc.PowerState);
            bmc.PowerState = "On";
            await setup.Power.CutPowerAsync(PowerSetup.Host, default);
            Assert.Equal("Off", bmc.PowerState);
            Assert.Equal((1, 1), (bmc.SessionsMade, bmc.SessionsOpen));
        }

        Assert.Equal(0, bmc.SessionsOpen);
    }

    [Fact]
    public async Task A_machine_that_does_not_shut_down_is_left_to_whoever_may_have_it_cut()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        (bmc.PowerState, bmc.HangsAtShutdown) = ("On", true);
        await using var setup = Redfish(bmc, "shutdown-time = \"5s\"");

        Assert.Equal("h1 was asked to shut down and is still on 5s later", (await Assert.ThrowsAsync<StillOnException>(() => setup.Power.PowerOffAsync(PowerSetup.Host, default))).Message);
        Assert.Equal("On", bmc.PowerState);
    }

    [Fact]
    public async Task A_machine_that_knows_no_orderly_shutdown_says_what_it_knows()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        (bmc.PowerState, bmc.ResetTypes) = ("On", ["On", "ForceOff"]);
        await using var setup = Redfish(bmc);

        Assert.EndsWith("knows no GracefulShutdown, only On, ForceOff", (await Assert.ThrowsAsync<StillOnException>(() => setup.Power.PowerOffAsync(PowerSetup.Host, default))).Message);
    }

    /// <summary>Of a BMC behind another address the place of a session is a URL of its own: the token stays with the address it was given by.</summary>
    [Fact]
    public async Task A_session_is_ended_where_it_was_begun_whatever_address_the_bmc_takes_for_its_own()
    {
        await using var other = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        bmc.SessionsAt = other.Address;
        await using (var setup = Redfish(bmc)) Assert.Equal(PowerState.Off, await setup.State);

        Assert.Equal((1, 0), (bmc.SessionsMade, bmc.SessionsOpen));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_bmc_that_repeats_the_password_as_it_refuses_it_does_not_get_it_into_a_message()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        bmc.RefusesLogin = password => $"The value '{password}' for the property Password is of a different format than the property can accept.";
        await using var setup = Redfish(bmc);

        var told = await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default));

        Assert.EndsWith(": no session: The value '***' for the property Password is of a different format than the property can accept. (HTTP 400)", told.Message);
        Assert.DoesNotContain(PowerSetup.Password, told.ToString());
    }

    [Fact]
    public async Task A_session_that_the_bmc_forgot_is_made_anew()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        await using var setup = Redfish(bmc);
        Assert.Equal(PowerState.Off, await setup.State);
        bmc.ForgetSessions();

        await setup.Power.PowerOnAsync(PowerSetup.Host, default);

        Assert.Equal(2, bmc.SessionsMade);
    }

    [Fact]
    public async Task A_busy_bmc_is_asked_again_after_the_time_it_says()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        await using var setup = Redfish(bmc);
        Assert.Equal(PowerState.Off, await setup.State);
        bmc.BusyFor = 2;

        await setup.Power.PowerOnAsync(PowerSetup.Host, default);

        Assert.NotEqual("Off", bmc.PowerState);
    }

    [Fact]
    public async Task Cutting_a_machine_that_went_off_meanwhile_is_no_failure()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        await using var setup = Redfish(bmc);
        await setup.Power.CutPowerAsync(PowerSetup.Host, default);
    }

    [Fact]
    public async Task Errors_come_in_the_bmcs_own_words()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        bmc.SessionLimit = 0;
        await using var setup = Redfish(bmc);
        Assert.Equal(
            $"the BMC of h1 at {new Uri(bmc.Address).Authority}: no session: The session establishment failed due to the number of simultaneous sessions exceeding the limit of the implementation. (HTTP 400)",
            (await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default))).Message);
    }

    [Fact]
    public async Task A_password_that_is_refused_is_not_told_and_not_tried_again()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        await using var setup = Redfish(bmc);
        File.WriteAllText(_folder.File("password"), "wr0ng-one\n");

        var told = await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default));

        Assert.Contains("lets user ulm not in", told.Message);
        Assert.DoesNotContain("wr0ng-one", told.ToString());
        // Accounts are locked after a few.
        Assert.Single(bmc.Requests, r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_systems_have_to_be_told_apart()
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        bmc.Systems = 2;
        await using var open = Redfish(bmc);
        Assert.Contains("it has 2 ComputerSystems; say which is h1 by system = \"/redfish/v1/Systems/1\"", (await Assert.ThrowsAsync<ActionFailedException>(() => open.Power.PowerOnAsync(PowerSetup.Host, default))).Message);

        await using var told = Redfish(bmc, "system = \"/redfish/v1/Systems/1\"");
        Assert.Equal(PowerState.Off, await told.State);
    }

    [Fact]
    public async Task A_bmc_of_the_sites_own_authority_is_trusted_and_one_for_another_name_is_not()
    {
        using var authority = RedfishService.MakeAuthority();
        File.WriteAllText(_folder.File("ca.pem"), authority.ExportCertificatePem());
        await using var right = await RedfishService.StartAsync(RedfishService.MakeCertificate(authority));
        await using var trusted = Redfish(right, "ca-file = \"ca.pem\"", pinned: false);
        Assert.Equal(PowerState.Off, await trusted.State);

        await using var wrong = await RedfishService.StartAsync(RedfishService.MakeCertificate(authority, "another.example.org"));
        await using var distrusted = Redfish(wrong, "ca-file = \"ca.pem\"", pinned: false);
        Assert.EndsWith("its certificate is for another name", (await Assert.ThrowsAsync<ActionFailedException>(() => distrusted.Power.PowerOnAsync(PowerSetup.Host, default))).Message);
        Assert.Empty(wrong.Requests);
    }

    [Theory]
    [InlineData("fingerprint = \"0000000000000000000000000000000000000000000000000000000000000000\"", "its certificate has the fingerprint ")]
    [InlineData("", "is not trusted by this machine")]
    public async Task A_bmc_that_is_not_known_gets_no_password(string trust, string why)
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        await using var setup = Redfish(bmc, trust, pinned: false);
        Assert.Contains(why, (await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default))).Message);
        Assert.Empty(bmc.Requests);
    }

    [Fact]
    public void A_password_is_sent_over_nothing_but_tls() =>
        Assert.Contains("it has to be https", Assert.Throws<CommandFailedException>(() => new PowerSetup(_folder, "[host.power]\ndriver = \"redfish\"\naddress = \"http://10.9.0.1\"\nuser = \"u\"\npassword-file = \"password\"")).Message);

    /// <summary>One BMC among many, asked at every poll: nothing that it says may be more than an answer that is not understood.</summary>
    [Theory]
    [InlineData("application/json; charset=nothing", "", PowerState.On)]
    [InlineData("application/json", "\"\\ud800\"", PowerState.Unknown)]
    [InlineData("application/json", "[1,", PowerState.Unknown)]
    [InlineData("text/html", "null", PowerState.Unknown)]
    public async Task A_strange_answer_is_one_that_is_not_understood(string type, string state, PowerState seen)
    {
        await using var bmc = await RedfishService.StartAsync(RedfishService.MakeCertificate());
        (bmc.PowerState, bmc.ContentType) = ("On", type);
        if (state.Length > 0) bmc.Garbles = answer => answer.Replace("\"On\"", state, StringComparison.Ordinal);
        await using var setup = Redfish(bmc);

        Assert.Equal(seen, await setup.State);
    }

    private PowerSetup Redfish(RedfishService bmc, string more = "", bool pinned = true) => new(
        _folder, $"[host.power]\ndriver = \"redfish\"\naddress = \"{bmc.Address}\"\nuser = \"{RedfishService.User}\"\npassword-file = \"password\"\n{more}\n"
            + (pinned ? $"fingerprint = \"{bmc.Certificate.GetCertHashString(HashAlgorithmName.SHA256)}\"" : ""));
}
