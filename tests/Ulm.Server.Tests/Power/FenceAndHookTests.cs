using System.Text.Json;
using Ulm.Engine.Actions;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Power;

/// <summary>Debian's own fence agents, and programs of the administrator's.</summary>
public sealed class FenceAndHookTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Debians_fence_dummy_is_switched_and_asked()
    {
        await using var setup = Fence("fence_dummy", $"status_file = \"{_folder.File("status")}\"");
        Assert.Equal(PowerState.Off, await setup.State);

        await setup.Power.PowerOnAsync(PowerSetup.Host, default);
        Assert.Equal(PowerState.On, await setup.State);

        await setup.Power.CutPowerAsync(PowerSetup.Host, default);
        Assert.Equal(PowerState.Off, await setup.State);
    }

    /// <summary>Agents take off the blanks around a line and a pair of quotes around a value.</summary>
    [Fact]
    public async Task What_an_agent_would_take_off_a_value_arrives()
    {
        await using (var setup = Fence("fence_dummy", $"status_file = \"{_folder.File("status ")}\"")) await setup.Power.PowerOnAsync(PowerSetup.Host, default);
        Assert.True(File.Exists(_folder.File("status ")));

        var agent = Script("fence_test", $"cat > '{_folder.File("input")}'");
        await using (var setup = Fence(agent, "plug = \"\\\"3\\\"\"")) await setup.Power.PowerOnAsync(PowerSetup.Host, default);
        Assert.Contains("plug=\"\"3\"\"", File.ReadAllLines(_folder.File("input")));
    }

    [Fact]
    public async Task An_agent_that_fails_says_why_and_the_state_is_unknown()
    {
        await using var setup = Fence(Script("fence_test", "echo no such outlet >&2; exit 1"), "plug = 3");
        Assert.Equal(PowerState.Unknown, await setup.State);
        Assert.Equal("fence_test of h1 failed at \"on\": no such outlet", (await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default))).Message);
    }

    [Fact]
    public async Task A_host_without_an_orderly_shutdown_is_cut_only_by_whoever_asks_for_that()
    {
        await using var setup = Fence("fence_dummy", $"status_file = \"{_folder.File("status")}\"");
        await setup.Power.PowerOnAsync(PowerSetup.Host, default);
        Assert.Contains("knows no orderly shutdown", (await Assert.ThrowsAsync<StillOnException>(() => setup.Power.PowerOffAsync(PowerSetup.Host, default))).Message);
        Assert.Equal(PowerState.On, await setup.State);
    }

    [Fact]
    public async Task Where_the_configuration_says_tell_nothing_asks_for_the_power_to_be_cut()
    {
        await using var setup = Fence("fence_dummy", $"status_file = \"{_folder.File("status")}\"", "after-shutdown = \"tell\"");
        await setup.Power.PowerOnAsync(PowerSetup.Host, default);
        var told = await Assert.ThrowsAsync<LeftOnException>(() => setup.Power.PowerOffAsync(PowerSetup.Host, default));
        Assert.EndsWith("its power is not cut, as after-shutdown = \"tell\" says", told.Message);
    }

    /// <summary>An agent that writes down what it was given, and echoes its input as a careless one might.</summary>
    [Fact]
    public async Task The_password_goes_to_an_agent_on_standard_input_alone()
    {
        var agent = Script("fence_test", $"cat > '{_folder.File("input")}'; tr '\\0' '\\n' < /proc/$$/cmdline > '{_folder.File("seen")}'; tr '\\0' '\\n' < /proc/$$/environ >> '{_folder.File("seen")}'; cat '{_folder.File("input")}' >&2; exit 1");
        await using var setup = Fence(agent, "plug = 3");

        var told = await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default));

        Assert.Equal(["action=on", "plug=3", $"password={PowerSetup.Password}"], File.ReadAllLines(_folder.File("input")));
        Assert.DoesNotContain(PowerSetup.Password, File.ReadAllText(_folder.File("seen")));
        Assert.Equal("fence_test of h1 failed at \"on\": password=***", told.Message);
        Assert.DoesNotContain(PowerSetup.Password, told.ToString());
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_password_that_others_may_use_is_not_used(UnixFileMode others)
    {
        await using var setup = Fence("fence_dummy", $"status_file = \"{_folder.File("status")}\"");
        var file = setup.SecretFile("password", UnixFileMode.UserRead | others);

        var expected = $"others than its owner may use {file}; run: chmod 600 {file}";
        Assert.Equal([$"h1: {expected}"], setup.Power.Lacks());
        Assert.Equal(expected, (await Assert.ThrowsAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default))).Message);
    }

    [Fact]
    public async Task An_agent_that_is_not_installed_is_told_with_its_package()
    {
        await using var setup = Fence("fence_nothing", "plug = 1");
        Assert.Equal(["h1: fence_nothing is not installed; run: apt-get install fence-agents"], setup.Power.Lacks());
    }

    [Theory]
    [InlineData("password = \"x\"", "options: password would be a secret in this file")]
    [InlineData("action = \"off\"", "options: action is the server's to say")]
    [InlineData("plug = \"1\\naction=off\"", "options: plug can't be told to an agent")]
    public void What_an_agent_must_not_be_told_is_refused(string option, string fault) =>
        Assert.Contains(fault, Assert.Throws<CommandFailedException>(() => Fence("fence_dummy", option)).Message);

    [Fact]
    public async Task A_hook_switches_by_its_exit_code()
    {
        var state = _folder.File("state");
        var hook = Script("switch",
            $"""
            order=$(cat); echo "$order" >> '{_folder.File("orders")}'
            case "$order" in
              *'"status"'*) [ -e '{state}' ] && exit 0; exit 2 ;;
              *'"on"'*) touch '{state}' ;;
              *'"shutdown"'*|*'"off"'*) rm -f '{state}' ;;
            esac
            """);
        await using var setup = new PowerSetup(_folder, $"[host.power]\ndriver = \"hook\"\ncommand = [\"{hook}\", \"--rack\", \"{{host}}\"]");
        Assert.Equal(PowerState.Off, await setup.State);
        await setup.Power.PowerOnAsync(PowerSetup.Host, default);
        Assert.Equal(PowerState.On, await setup.State);
        await setup.Power.PowerOffAsync(PowerSetup.Host, default);
        Assert.Equal(PowerState.Off, await setup.State);

        var orders = File.ReadAllLines(_folder.File("orders")).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.All(orders, o => Assert.Equal(("ulm.power/1", "h1"), (o.GetProperty("schema").GetString(), o.GetProperty("host").GetString())));
        Assert.Equal(["status", "on", "status", "shutdown", "status", "status"], orders.Select(o => o.GetProperty("action").GetString()));
    }

    [Theory]
    [InlineData("echo the rack is locked >&2; exit 7", "the power hook of h1 (switch) failed at \"on\" with code 7: the rack is locked")]
    [InlineData("exit 3", "the power hook of h1 (switch) can't do \"on\"")]
    [InlineData("exec sleep 30", "switch was ended after 1s")]
    public async Task A_hook_that_goes_wrong_says_how(string script, string message)
    {
        await using var setup = new PowerSetup(_folder, $"[host.power]\ndriver = \"hook\"\ntime-limit = \"1s\"\ncommand = [\"{Script("switch", script)}\"]");
        Assert.Equal(message, (await Assert.ThrowsAnyAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default))).Message);
    }

    [Fact]
    public async Task Node_suspend_of_a_libvirt_that_knows_none_says_so()
    {
        await using var setup = new PowerSetup(_folder, "[host.power]\ndriver = \"libvirt-suspend\"\nafter-shutdown = \"tell\"");
        Assert.StartsWith("h1 can't suspend to memory: this function is not supported by the connection driver", (await Assert.ThrowsAnyAsync<ActionFailedException>(() => setup.Power.PowerOffAsync(PowerSetup.Host, default))).Message);
        Assert.Contains("woken by its clock alone", (await Assert.ThrowsAnyAsync<ActionFailedException>(() => setup.Power.PowerOnAsync(PowerSetup.Host, default))).Message);
    }

    private PowerSetup Fence(string agent, string options, string more = "") =>
        new(_folder, $"[host.power]\ndriver = \"fence\"\nagent = \"{agent}\"\npassword-file = \"password\"\n{more}\n[host.power.options]\n{options}");

    private string Script(string name, string text)
    {
        var file = _folder.Write(name, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}
