using System.Text.Json;
using System.Threading.Channels;
using Nerdbank.Streams;
using StreamJsonRpc;
using Ulm.Dsl.Text;
using Ulm.Server.LanguageServer;
using Range = Ulm.Server.LanguageServer.Range;

namespace Ulm.Server.Tests.LanguageServer;

/// <summary>The other end of the conversation: an editor with one document, which speaks the protocol over a stream.</summary>
internal sealed class Editor : IAsyncDisposable
{
    private readonly JsonRpc _rpc;
    private readonly Channel<PublishDiagnosticsParams> _published = Channel.CreateUnbounded<PublishDiagnosticsParams>();
    private int _version = 1;

    private Editor(Stream stream)
    {
        _rpc = new JsonRpc(new HeaderDelimitedMessageHandler(stream, stream, new SystemTextJsonFormatter { JsonSerializerOptions = ProtocolJson.Options }));
        _rpc.AddLocalRpcTarget(new Listener(_published.Writer));
        _rpc.StartListening();
    }

    public string Uri { get; init; } = "untitled:policies.ulm";

    public OpenText Text { get; private set; } = new("");

    public Task<bool> Server { get; private init; } = Task.FromResult(true);

    /// <summary>Starts a server in this process and introduces itself.</summary>
    public static async Task<Editor> StartAsync(string uri = "untitled:policies.ulm", string? site = null, string? socket = null, string? within = null)
    {
        var (here, there) = FullDuplexStream.CreatePair();
        var server = new LspServer(new PolicyWorkspace(), new SiteKnowledge(site, socket, TimeProvider.System)).RunAsync(there, there, CancellationToken.None);
        var editor = new Editor(here) { Uri = uri, Server = server };
        await editor.InitializeAsync(within);
        return editor;
    }

    /// <summary>Speaks to a server that somebody else has started.</summary>
    public static async Task<Editor> OverAsync(Stream stream)
    {
        var editor = new Editor(stream);
        await editor.InitializeAsync();
        return editor;
    }

    public JsonElement Capabilities { get; private set; }

    public Task<PublishDiagnosticsParams> OpenAsync(string text)
    {
        Text = new OpenText(text);
        return AfterAsync("textDocument/didOpen", new { textDocument = new { uri = Uri, languageId = "ulm", version = _version, text } });
    }

    /// <summary>Types over a stretch of the text, as an editor reports it.</summary>
    public Task<PublishDiagnosticsParams> ReplaceAsync(TextSpan over, string text)
    {
        var change = new ContentChange(text, Text.At(over));
        Text = Text.With(change);
        return AfterAsync("textDocument/didChange", new { textDocument = new { uri = Uri, version = ++_version }, contentChanges = new[] { new { range = change.Range, text } } });
    }

    /// <summary>Replaces the one place where a text stands.</summary>
    public Task<PublishDiagnosticsParams> TypeAsync(string over, string text) => ReplaceAsync(new TextSpan(Text.Text.IndexOf(over, StringComparison.Ordinal), over.Length), text);

    /// <summary>A request about the place right behind a text.</summary>
    public Task<JsonElement> AskAsync(string method, string behind) => RequestAsync(method, new { textDocument = new { uri = Uri }, position = Behind(behind) });

    public Task<JsonElement> RequestAsync(string method, object parameters) => _rpc.InvokeWithParameterObjectAsync<JsonElement>(method, parameters);

    public Task NotifyAsync(string method, object parameters) => _rpc.NotifyWithParameterObjectAsync(method, parameters);

    public Position Behind(string text) => Text.At(Text.Text.IndexOf(text, StringComparison.Ordinal) + text.Length);

    public string At(Range range) => Text.Text[Text.Offset(range.Start)..Text.Offset(range.End)];

    /// <summary>The diagnostics of the newest version that was sent.</summary>
    public async Task<PublishDiagnosticsParams> AfterAsync(string method, object parameters)
    {
        await NotifyAsync(method, parameters);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var published = await _published.Reader.ReadAsync(patience.Token);
            if (published.Uri == Uri && published.Version == _version) return published;
        }
    }

    /// <param name="within">The folder that the editor has open.</param>
    private async Task InitializeAsync(string? within = null)
    {
        object[]? folders = within is null ? null : [new { uri = new Uri(within).AbsoluteUri, name = "policies" }];
        Capabilities = (await RequestAsync("initialize", new { processId = (int?)null, rootUri = (string?)null, workspaceFolders = folders, capabilities = new { } })).GetProperty("capabilities");
        await NotifyAsync("initialized", new { });
    }

    /// <summary>What an editor does with diagnostics; here it only keeps them.</summary>
    public sealed class Listener(ChannelWriter<PublishDiagnosticsParams> published)
    {
        [JsonRpcMethod("textDocument/publishDiagnostics", UseSingleObjectParameterDeserialization = true)]
        public void Publish(PublishDiagnosticsParams parameters) => published.TryWrite(parameters);
    }

    public async ValueTask DisposeAsync()
    {
        await _rpc.InvokeAsync<object?>("shutdown");
        await _rpc.NotifyAsync("exit");
        Assert.True(await Server.WaitAsync(TimeSpan.FromSeconds(60)));
        _rpc.Dispose();
    }
}
