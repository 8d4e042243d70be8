using Ulm.Server.Commands;
using Ulm.Server.Policies;

namespace Ulm.Server.Tests.Policies;

public sealed class PolicyDirectoryTests : IDisposable
{
    private const string Good = "policy a when host.cpu > 75% for 10m then evacuate heaviest fitting vm\n";

    private readonly TempFolder _folder = new();
    private readonly PolicyDirectory _directory;

    public PolicyDirectoryTests()
    {
        _folder.Write("a.ulm", Good);
        _directory = new PolicyDirectory(_folder.Path, SiteClock.Usual, TimeProvider.System);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void All_files_of_the_folder_are_compiled_together()
    {
        _folder.Write("b.ulm", "policy b every 1h balance");
        _folder.Write("notes.txt", "not a policy");
        Assert.Equal(["a", "b"], _directory.Load().Result.Policies.Rules.Select(r => r.Name));
    }

    [Fact]
    public async Task What_is_held_against_polls_is_held_against_those_of_the_site()
    {
        _folder.Write("a.ulm", "policy a when host.cpu > 75% for 10s then evacuate heaviest fitting vm\n");
        using var often = new PolicyDirectory(_folder.Path, SiteClock.Usual with { PollingInterval = TimeSpan.FromSeconds(5) }, TimeProvider.System);
        using var seldom = new PolicyDirectory(_folder.Path, SiteClock.Usual with { PollingInterval = TimeSpan.FromSeconds(6) }, TimeProvider.System);
        Assert.Equal(("", true), (often.Load().Faults, seldom.Load().Faults.Contains("ULM4005")));
        Assert.Contains("ULM4005", (await seldom.PeekAsync(TestContext.Current.CancellationToken)).Faults);
        Assert.Contains("ULM4005", seldom.Try([new("b.ulm", "when host.cpu > 75% for 11s then evacuate heaviest fitting vm\n")]).Faults);
    }

    [Fact]
    public async Task A_change_is_noticed_and_compiled()
    {
        _directory.Load();
        var next = NextAsync();
        _folder.Write("b.ulm", "policy b every 1h balance");
        var reload = await next;
        Assert.True(reload.Usable);
        Assert.Equal(2, reload.Result.Policies.Rules.Length);
    }

    [Fact]
    public async Task A_file_saved_by_renaming_over_it_is_noticed()
    {
        _directory.Load();
        var next = NextAsync();
        File.Move(_folder.Write("a.ulm~", Good.Replace("75%", "60%")), _folder.File("a.ulm"), overwrite: true);
        Assert.Contains("60%", (await next).Result.Policies.Rules[0].Fingerprint);
    }

    [Fact]
    public async Task Faults_come_back_with_file_line_and_caret_and_are_not_usable()
    {
        _directory.Load();
        var next = NextAsync();
        _folder.Write("b.ulm", "policy b\n  when host.cpuu > 75% then evacuate heaviest vm\n");
        var reload = await next;
        Assert.False(reload.Usable);
        Assert.Contains("b.ulm:2:8", reload.Faults);
        Assert.Contains("^^^", reload.Faults);
    }

    [Fact]
    public async Task A_reload_asked_for_compiles_even_what_has_not_changed()
    {
        _directory.Load();
        var next = NextAsync();
        _directory.LookNow();
        Assert.True((await next).Usable);
    }

    [Fact]
    public async Task Removing_the_last_policy_is_no_wish_to_have_none()
    {
        _directory.Load();
        var next = NextAsync();
        File.Delete(_folder.File("a.ulm"));
        var reload = await next;
        Assert.False(reload.Usable);
        Assert.Contains("has no *.ulm file", reload.Faults);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_one_line()
    {
        using var none = new PolicyDirectory(_folder.File("none"), SiteClock.Usual, TimeProvider.System);
        Assert.Contains("there is no such file", Assert.Throws<CommandFailedException>(none.Load).Message);
    }

    /// <summary>What a running server would take over next.</summary>
    private async Task<PolicyReload> NextAsync()
    {
        while (true)
        {
            await _directory.WaitAsync(TestContext.Current.CancellationToken);
            if (await _directory.ReadAsync(evenIfUnchanged: false, TestContext.Current.CancellationToken) is { } reload) return reload;
        }
    }
}
