using System.Reflection;
using System.Text.Json;
using Microsoft.VisualStudio.Threading;
using StreamJsonRpc;
using Ulm.Dsl.Formatting;

namespace Ulm.Server.LanguageServer;

/// <summary>
/// What an editor asks, over one stream. Requests are taken one at a time in the order they come. Diagnostics are published after the
/// changes that wait have been taken in, so that somebody who types fast is told of the newest text only.
/// </summary>
internal sealed class LspServer(PolicyWorkspace workspace, SiteKnowledge site)
{
    private const bool OneObject = true;

    private readonly NonConcurrentSynchronizationContext _turns = new(sticky: false);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Conversation? _rpc;
    private bool _publishing;
    private bool _shutDown;

    /// <summary>Serves until the editor says exit or the stream ends.</summary>
    /// <returns>True where the editor took its leave in order: shutdown, then exit.</returns>
    public async Task<bool> RunAsync(Stream input, Stream output, CancellationToken ct)
    {
        using var rpc = new Conversation(input, output) { SynchronizationContext = _turns };
        _rpc = rpc;
        rpc.AddLocalRpcTarget(this);
        rpc.StartListening();
        await using var stop = ct.Register(rpc.Dispose);
        try
        {
            // An editor that said exit may keep the stream open, and a read that waits on it can't be called back.
            await await Task.WhenAny(rpc.Completion, _exit.Task);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or BadRpcHeaderException or JsonException or InvalidOperationException or ArgumentException)
        {
            // The editor is gone, or what it says is no JSON-RPC: where its next message begins is anybody's guess. There is nobody left to tell.
        }

        return _shutDown;
    }

    [JsonRpcMethod("initialize", UseSingleObjectParameterDeserialization = OneObject)]
    public InitializeResult Initialize(InitializeParams parameters)
    {
        site.Configure(parameters.InitializationOptions);
        workspace.Within(parameters.WorkspaceFolders is { } folders ? folders.Select(f => f.Uri) : parameters.RootUri is { } root ? [root] : []);
        return new InitializeResult(
            new ServerCapabilities(
                new TextDocumentSyncOptions(OpenClose: true, Change: 2), new CompletionOptions([".", "\"", "["]), HoverProvider: true, DefinitionProvider: true, ReferencesProvider: true,
                DocumentSymbolProvider: true, DocumentFormattingProvider: true, new CodeActionOptions(["quickfix"]), new RenameOptions(PrepareProvider: true)),
            new ServerInfo("ulm-server", Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)));
    }

    [JsonRpcMethod("initialized")]
    public void Initialized()
    {
    }

    [JsonRpcMethod("shutdown")]
    public object? Shutdown()
    {
        _shutDown = true;
        return null;
    }

    [JsonRpcMethod("exit")]
    public async Task ExitAsync()
    {
        await _rpc!.AnswerAllAsync();
        _exit.TrySetResult();
    }

    [JsonRpcMethod("textDocument/didOpen", UseSingleObjectParameterDeserialization = OneObject)]
    public void DidOpen(DidOpenParams parameters)
    {
        workspace.Open(parameters.TextDocument.Uri, parameters.TextDocument.Version, parameters.TextDocument.Text);
        PublishSoon(parameters.TextDocument.Uri);
    }

    [JsonRpcMethod("textDocument/didChange", UseSingleObjectParameterDeserialization = OneObject)]
    public void DidChange(DidChangeParams parameters)
    {
        workspace.Change(parameters.TextDocument.Uri, parameters.TextDocument.Version, parameters.ContentChanges);
        PublishSoon(parameters.TextDocument.Uri);
    }

    [JsonRpcMethod("textDocument/didClose", UseSingleObjectParameterDeserialization = OneObject)]
    public void DidClose(DidCloseParams parameters)
    {
        workspace.Close(parameters.TextDocument.Uri);
        Tell(new PublishDiagnosticsParams(parameters.TextDocument.Uri, []));
        foreach (var uri in workspace.OpenUris) PublishSoon(uri);
    }

    [JsonRpcMethod("textDocument/didSave", UseSingleObjectParameterDeserialization = OneObject)]
    public void DidSave(JsonElement parameters) => Reread();

    [JsonRpcMethod("workspace/didChangeWatchedFiles", UseSingleObjectParameterDeserialization = OneObject)]
    public void DidChangeWatchedFiles(JsonElement parameters) => Reread();

    [JsonRpcMethod("textDocument/completion", UseSingleObjectParameterDeserialization = OneObject)]
    public CompletionList Completion(PositionParams parameters) => new(false, CompletionProvider.At(workspace, site, parameters.TextDocument.Uri, parameters.Position));

    [JsonRpcMethod("textDocument/hover", UseSingleObjectParameterDeserialization = OneObject)]
    public Task<Hover?> HoverAsync(PositionParams parameters, CancellationToken ct) => HoverProvider.AtAsync(workspace, site, parameters.TextDocument.Uri, parameters.Position, ct);

    [JsonRpcMethod("textDocument/definition", UseSingleObjectParameterDeserialization = OneObject)]
    public Location? Definition(PositionParams parameters) => NameProvider.Definition(workspace, parameters.TextDocument.Uri, parameters.Position);

    [JsonRpcMethod("textDocument/references", UseSingleObjectParameterDeserialization = OneObject)]
    public Location[] References(ReferenceParams parameters) =>
        NameProvider.References(workspace, parameters.TextDocument.Uri, parameters.Position, parameters.Context.IncludeDeclaration);

    [JsonRpcMethod("textDocument/prepareRename", UseSingleObjectParameterDeserialization = OneObject)]
    public PrepareRename? PrepareRename(PositionParams parameters) => NameProvider.PrepareRename(workspace, parameters.TextDocument.Uri, parameters.Position);

    [JsonRpcMethod("textDocument/rename", UseSingleObjectParameterDeserialization = OneObject)]
    public WorkspaceEdit? Rename(RenameParams parameters) => NameProvider.Rename(workspace, parameters.TextDocument.Uri, parameters.Position, parameters.NewName);

    [JsonRpcMethod("textDocument/documentSymbol", UseSingleObjectParameterDeserialization = OneObject)]
    public DocumentSymbol[] DocumentSymbols(DocumentParams parameters) => NameProvider.Symbols(workspace, parameters.TextDocument.Uri);

    [JsonRpcMethod("textDocument/codeAction", UseSingleObjectParameterDeserialization = OneObject)]
    public CodeAction[] CodeActions(CodeActionParams parameters) => QuickFixes.For(workspace, site, parameters.TextDocument.Uri, parameters.Range);

    /// <summary>Null, which changes nothing, where the text has faults: those are shown already.</summary>
    [JsonRpcMethod("textDocument/formatting", UseSingleObjectParameterDeserialization = OneObject)]
    public TextEdit[]? Formatting(DocumentParams parameters)
    {
        if (workspace.TextOf(parameters.TextDocument.Uri) is not { } text) return null;
        return PolicyFormatter.Format(new(PolicyWorkspace.NameOf(parameters.TextDocument.Uri), text.Text)) is FormatResult.Formatted(var formatted)
            ? formatted == text.Text ? [] : [new TextEdit(text.Whole, formatted)]
            : null;
    }

    private void Reread()
    {
        workspace.Forget();
        foreach (var uri in workspace.OpenUris) PublishSoon(uri);
    }

    private void PublishSoon(string uri)
    {
        _changed.Add(uri);
        if (_publishing) return;
        _publishing = true;
        // Behind the changes that have come in already.
        _turns.Post(_ => Publish(), null);
    }

    /// <summary>Of a changed text and of all open ones of its set: what one defines, another may use.</summary>
    private void Publish()
    {
        _publishing = false;
        var sets = _changed.Select(workspace.Compiled).ToHashSet();
        _changed.Clear();
        foreach (var uri in workspace.OpenUris.ToList())
        {
            var files = workspace.Compiled(uri);
            if (!sets.Contains(files)) continue;
            var found = files.Result.Diagnostics.AddRange(site.Check(files));
            Tell(new PublishDiagnosticsParams(uri, DiagnosticMapper.Of(PolicyWorkspace.NameOf(uri), found, files.Sources, workspace.UriOf), workspace.VersionOf(uri)));
        }
    }

    private void Tell(PublishDiagnosticsParams parameters) => _ = _rpc!.NotifyWithParameterObjectAsync("textDocument/publishDiagnostics", parameters);
}
