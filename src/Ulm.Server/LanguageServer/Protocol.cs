using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ulm.Server.LanguageServer;

// The objects of the Language Server Protocol 3.17 that this server reads and writes, under the names the specification gives them.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/

/// <summary>Line and character from 0; characters are UTF-16 units.</summary>
internal sealed record Position(int Line, int Character);

/// <summary>The end does not belong to it.</summary>
internal sealed record Range(Position Start, Position End);

internal sealed record Location(string Uri, Range Range);

internal sealed record TextDocumentIdentifier(string Uri);

internal sealed record VersionedTextDocumentIdentifier(string Uri, int Version);

internal sealed record TextDocumentItem(string Uri, int Version, string Text);

internal sealed record InitializeParams(JsonElement? InitializationOptions = null, string? RootUri = null, WorkspaceFolder[]? WorkspaceFolders = null);

internal sealed record WorkspaceFolder(string Uri);

internal sealed record DidOpenParams(TextDocumentItem TextDocument);

/// <param name="Range">Null: the text is the whole document.</param>
internal sealed record ContentChange(string Text, Range? Range = null);

internal sealed record DidChangeParams(VersionedTextDocumentIdentifier TextDocument, ContentChange[] ContentChanges);

internal sealed record DidCloseParams(TextDocumentIdentifier TextDocument);

internal sealed record DocumentParams(TextDocumentIdentifier TextDocument);

internal sealed record PositionParams(TextDocumentIdentifier TextDocument, Position Position);

internal sealed record RenameParams(TextDocumentIdentifier TextDocument, Position Position, string NewName);

internal sealed record ReferenceParams(TextDocumentIdentifier TextDocument, Position Position, ReferenceContext Context);

internal sealed record ReferenceContext(bool IncludeDeclaration);

internal sealed record CodeActionParams(TextDocumentIdentifier TextDocument, Range Range);

internal enum LspSeverity
{
    Error = 1,
    Warning = 2,
}

internal sealed record LspDiagnostic(Range Range, LspSeverity Severity, string Code, string Source, string Message, RelatedInformation[] RelatedInformation);

internal sealed record RelatedInformation(Location Location, string Message);

internal sealed record PublishDiagnosticsParams(string Uri, LspDiagnostic[] Diagnostics, int? Version = null);

internal sealed record TextEdit(Range Range, string NewText);

internal sealed record WorkspaceEdit(Dictionary<string, TextEdit[]> Changes);

internal sealed record CodeAction(string Title, string Kind, LspDiagnostic[] Diagnostics, bool IsPreferred, WorkspaceEdit Edit);

internal sealed record MarkupContent(string Value)
{
    public string Kind => "markdown";
}

internal sealed record Hover(MarkupContent Contents, Range Range);

internal enum CompletionItemKind
{
    Property = 10,
    Unit = 11,
    Value = 12,
    Keyword = 14,
    Reference = 18,
    Constant = 21,
}

internal sealed record CompletionItem(string Label, CompletionItemKind Kind, string SortText, TextEdit TextEdit, string? Detail = null, MarkupContent? Documentation = null);

internal sealed record CompletionList(bool IsIncomplete, CompletionItem[] Items);

internal enum SymbolKind
{
    Constant = 14,
    Event = 24,
}

internal sealed record DocumentSymbol(string Name, string Detail, SymbolKind Kind, Range Range, Range SelectionRange);

internal sealed record PrepareRename(Range Range, string Placeholder);

internal sealed record InitializeResult(ServerCapabilities Capabilities, ServerInfo ServerInfo);

internal sealed record ServerInfo(string Name, string Version);

internal sealed record ServerCapabilities(
    TextDocumentSyncOptions TextDocumentSync, CompletionOptions CompletionProvider, bool HoverProvider, bool DefinitionProvider, bool ReferencesProvider,
    bool DocumentSymbolProvider, bool DocumentFormattingProvider, CodeActionOptions CodeActionProvider, RenameOptions RenameProvider)
{
    public string PositionEncoding => "utf-16";
}

/// <param name="Change">2: changes come as pieces.</param>
internal sealed record TextDocumentSyncOptions(bool OpenClose, int Change);

internal sealed record CompletionOptions(string[] TriggerCharacters);

internal sealed record CodeActionOptions(string[] CodeActionKinds);

internal sealed record RenameOptions(bool PrepareProvider);

internal static class ProtocolJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // What must be there and is not makes a message invalid, not a program stumble.
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
