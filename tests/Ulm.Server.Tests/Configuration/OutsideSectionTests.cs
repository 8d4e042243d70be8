using Ulm.Server.Commands;
using Ulm.Server.Configuration;

namespace Ulm.Server.Tests.Configuration;

public sealed class OutsideSectionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hooks_and_channels_are_read()
    {
        var config = Read(
            """
            [notify]
            default = "chat"
            [[channel]]
            name = "chat"
            webhook = "https://chat.example.org/hooks/ulm"
            [[channel]]
            name = "pager"
            command = ["/usr/bin/page", "--now"]
            time-limit = "5s"
            [[hook]]
            name = "cool"
            command = ["/usr/lib/cool"]
            """);

        Assert.Equal(("chat", "https://chat.example.org/hooks/ulm"), (config.DefaultChannel, config.Channels[0].Webhook!.ToString()));
        Assert.Equal(("/usr/bin/page --now", TimeSpan.FromSeconds(5)), (string.Join(' ', config.Channels[1].Command), config.Channels[1].TimeLimit));
        Assert.Equal(("cool", TimeSpan.FromSeconds(30)), (config.Hooks[0].Name, config.Hooks[0].TimeLimit));
    }

    [Fact]
    public void Nothing_configured_means_the_log() => Assert.Equal((ChannelConfig.Log, 0, 0), (Read("").DefaultChannel, Read("").Channels.Length, Read("").Hooks.Length));

    [Theory]
    [InlineData("[[hook]]\nname = \"a\"", "hook[1].command: is missing")]
    [InlineData("[[hook]]\nname = \"a\"\ncommand = [\"page\"]", "hook[1].command: must be a list of program and arguments, the program by its absolute path")]
    [InlineData("[[hook]]\nname = \"a\"\ncommand = [\"/p\"]\n[[hook]]\nname = \"a\"\ncommand = [\"/p\"]", "hook: a stands 2 times")]
    [InlineData("[[channel]]\nname = \"a\"\nwebhook = \"chat\"", "channel[1].webhook: \"chat\" is no address such as https://chat.example.org/hooks/ulm")]
    [InlineData("[[channel]]\nname = \"a\"\nwebhook = \"http://x/\"\ncommand = [\"/p\"]", "channel[1].command: a channel has a command or a webhook, not both")]
    [InlineData("[[channel]]\nname = \"log\"\ncommand = [\"/p\"]", "channel[1].name: log is the journal and always there; choose another name")]
    [InlineData("[server]\nmode = \"Enforce\"", "server.mode: \"Enforce\" is none of observe, recommend, enforce")]
    [InlineData("[notify]\ndefault = \"chat\"", "notify.default: there is no [[channel]] chat")]
    public void What_is_wrong_is_told(string text, string fault) => Assert.Contains(fault, Assert.Throws<CommandFailedException>(() => Read(text)).Message);

    private ServerConfig Read(string text)
    {
        var file = _folder.File("ulm.toml");
        File.WriteAllText(file, $"{text}\n[[host]]\nname = \"h1\"\nlibvirt = \"qemu+tcp://10.0.0.11/system\"\nmunin = \"10.0.0.11\"\n");
        return ConfigReader.Read(file);
    }
}
