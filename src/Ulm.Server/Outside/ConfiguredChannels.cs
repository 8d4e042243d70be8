using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using Ulm.Engine;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Outside;

/// <summary>The channels of <c>ulm.toml</c>. What goes to <c>log</c> stands in the journal and the server's output already.</summary>
internal sealed class ConfiguredChannels(IEnumerable<ChannelConfig> channels, string defaultChannel, TimeProvider time) : INotifier, IDisposable
{
    private readonly ImmutableDictionary<string, ChannelConfig> _channels = channels.ToImmutableDictionary(c => c.Name, StringComparer.Ordinal);
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    public Task NotifyAsync(string text, string? via, DecisionNote note, CancellationToken ct)
    {
        var name = via ?? defaultChannel;
        if (name == ChannelConfig.Log) return Task.CompletedTask;
        if (!_channels.TryGetValue(name, out var channel))
            throw new ActionFailedException($"no channel {name} is configured; there are {string.Join(", ", _channels.Keys.Append(ChannelConfig.Log).Order(StringComparer.Ordinal))}");
        return channel.Webhook is { } url
            ? PostAsync(channel, url, NoteDocument.Of(note, text), ct)
            : OutsideCommand.RunAsync($"channel {name}", channel.Command, channel.TimeLimit, NoteDocument.Of(note, text), time, ct);
    }

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(ChannelConfig channel, Uri url, string json, CancellationToken ct)
    {
        using var over = new CancellationTokenSource(channel.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        try
        {
            using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            using var answer = await _http.PostAsync(url, content, either.Token);
            if (!answer.IsSuccessStatusCode) throw new ActionFailedException($"channel {channel.Name}: {url.Host} answered {(int)answer.StatusCode} {answer.ReasonPhrase}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ActionFailedException($"channel {channel.Name}: {url.Host} did not answer within {Show.Duration(channel.TimeLimit)}");
        }
        catch (HttpRequestException e)
        {
            throw new ActionFailedException($"channel {channel.Name}: {e.Message}", e);
        }
    }
}
