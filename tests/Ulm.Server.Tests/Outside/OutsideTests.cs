using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Server.Configuration;
using Ulm.Server.Outside;

namespace Ulm.Server.Tests.Outside;

/// <summary>Hooks and channels with real programs and a real listener.</summary>
public sealed class OutsideTests : IDisposable
{
    private static readonly DecisionNote Note = new(new DateTimeOffset(2026, 1, 5, 20, 0, 0, TimeSpan.Zero), "d1", "fan", SubjectRef.Host("h1"), "fan1 = 0 < 500");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_hook_gets_the_decision_as_json_on_its_standard_input()
    {
        var got = _folder.File("got");

        await Hook("/bin/sh", "-c", $"cat > '{got}'").RunAsync("it", Note, default);

        var json = JsonDocument.Parse(File.ReadAllText(got)).RootElement;
        Assert.Equal(
            ["ulm.note/1", "2026-01-05T20:00:00Z", "d1", "fan", "host/h1", "fan1 = 0 < 500"],
            new[] { "schema", "at", "decision", "rule", "subject", "reason" }.Select(p => json.GetProperty(p).GetString()));
        Assert.False(json.TryGetProperty("text", out _));
    }

    [Theory]
    [InlineData("echo no such rack >&2; exit 3", "hook it ended with code 3: no such rack")]
    [InlineData("exec sleep 30", "hook it was ended after 1s")]
    public async Task A_hook_that_goes_wrong_says_how(string script, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ActionFailedException>(() => Hook("/bin/sh", "-c", script).RunAsync("it", Note, default))).Message);

    [Theory]
    [InlineData("other", "no hook other is configured; there are it")]
    [InlineData("it", "hook it can't be run: ")]
    public async Task A_hook_that_is_not_there_is_named(string name, string message) =>
        Assert.StartsWith(message, (await Assert.ThrowsAsync<ActionFailedException>(() => Hook("/no/such/program").RunAsync(name, Note, default))).Message);

    [Fact]
    public async Task A_hook_that_does_not_read_its_input_is_no_fault() => await Hook("/bin/true").RunAsync("it", Note, default);

    [Theory]
    [InlineData(null)]
    [InlineData("log")]
    public async Task The_log_needs_no_channel(string? via)
    {
        using var channels = new ConfiguredChannels([], ChannelConfig.Log, TimeProvider.System);
        await channels.NotifyAsync("hello", via, Note, default);
    }

    [Fact]
    public async Task A_channel_that_is_not_there_is_named()
    {
        using var channels = new ConfiguredChannels([], ChannelConfig.Log, TimeProvider.System);
        Assert.Equal("no channel chat is configured; there are log", (await Assert.ThrowsAsync<ActionFailedException>(() => channels.NotifyAsync("hello", "chat", Note, default))).Message);
    }

    [Theory]
    [InlineData("204 No Content", null)]
    [InlineData("500 Internal Server Error", "channel chat: 127.0.0.1 answered 500 Internal Server Error")]
    public async Task A_webhook_gets_the_text_by_post(string answer, string? message)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hooks/ulm");
        using var channels = new ConfiguredChannels([new ChannelConfig("chat", [], url, TimeSpan.FromSeconds(20))], "chat", TimeProvider.System);

        var told = channels.NotifyAsync("fan of h1 stands still", null, Note, default);
        var request = await AnswerAsync(listener, answer);

        if (message is null) await told;
        else Assert.Equal(message, (await Assert.ThrowsAsync<ActionFailedException>(() => told)).Message);
        Assert.StartsWith("POST /hooks/ulm HTTP/1.1", request);
        Assert.Contains("\"text\":\"fan of h1 stands still\"", request);
    }

    [Fact]
    public async Task A_webhook_that_nobody_listens_at_is_a_failure_not_a_crash()
    {
        using var channels = new ConfiguredChannels([new ChannelConfig("chat", [], new Uri("http://127.0.0.1:1/"), TimeSpan.FromSeconds(20))], "chat", TimeProvider.System);
        Assert.StartsWith("channel chat: ", (await Assert.ThrowsAsync<ActionFailedException>(() => channels.NotifyAsync("hello", null, Note, default))).Message);
    }

    [Fact]
    public async Task A_command_can_be_a_channel()
    {
        var got = _folder.File("got");
        using var channels = new ConfiguredChannels([new ChannelConfig("pager", ["/bin/sh", "-c", $"cat > '{got}'"], null, TimeSpan.FromSeconds(20))], "log", TimeProvider.System);

        await channels.NotifyAsync("hello", "pager", Note, default);

        Assert.Equal("hello", JsonDocument.Parse(File.ReadAllText(got)).RootElement.GetProperty("text").GetString());
    }

    private static ConfiguredHooks Hook(params string[] command) => new([new CommandConfig("it", [.. command], TimeSpan.FromSeconds(command.Contains("exec sleep 30") ? 1 : 20))], TimeProvider.System);

    private static async Task<string> AnswerAsync(TcpListener listener, string status)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!request.ToString().TrimEnd('\0').EndsWith('}')) request.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        return request.ToString();
    }
}
