using Ulm.Dsl.Editing;


namespace Ulm.Server.LanguageServer;

/// <summary>Where a name comes from and goes to: definition, references, renaming, the outline of a text.</summary>
internal static class NameProvider
{
    public static Location? Definition(PolicyWorkspace workspace, string uri, Position position) =>
        At(workspace, uri, position) is var (thing, _) ? LocationOf(workspace, thing.NameAt) : null;

    public static Location[] References(PolicyWorkspace workspace, string uri, Position position, bool withDefinition)
    {
        if (At(workspace, uri, position) is not var (thing, _)) return [];
        var places = withDefinition ? thing.Uses.Prepend(thing.NameAt) : thing.Uses;
        return [.. places.Select(p => LocationOf(workspace, p)).OfType<Location>()];
    }

    public static PrepareRename? PrepareRename(PolicyWorkspace workspace, string uri, Position position) =>
        At(workspace, uri, position) is var (thing, place) && CanRename(thing) && workspace.TextOf(uri) is { } text ? new PrepareRename(text.At(place.Span), thing.Name) : null;

    /// <returns>Null where the name can't be changed, or not to that one; an editor then says that it can't.</returns>
    public static WorkspaceEdit? Rename(PolicyWorkspace workspace, string uri, Position position, string newName)
    {
        if (At(workspace, uri, position) is not var (thing, _) || !CanRename(thing) || !NewName.IsUsable(newName)) return null;
        // A name that is taken would change what the texts mean.
        if (workspace.Outline(uri).Things.Any(t => t != thing && t.Name == newName)) return null;
        var edits = new Dictionary<string, TextEdit[]>(StringComparer.Ordinal);
        foreach (var file in thing.Uses.Prepend(thing.NameAt).GroupBy(p => p.SourceFile, StringComparer.Ordinal))
        {
            var changed = workspace.UriOf(file.Key);
            if (workspace.TextOf(changed) is not { } text) return null;
            edits.Add(changed, [.. file.Select(p => new TextEdit(text.At(p.Span), newName))]);
        }

        return new WorkspaceEdit(edits);
    }

    public static DocumentSymbol[] Symbols(PolicyWorkspace workspace, string uri)
    {
        if (workspace.TextOf(uri) is not { } text) return [];
        return
        [
            .. workspace.Outline(uri).Things.Where(t => t.NameAt.SourceFile == PolicyWorkspace.NameOf(uri)).OrderBy(t => t.Sentence.Span.Start)
                .Select(t => new DocumentSymbol(t.Name, Detail(t.Kind), t.Kind is NamedKind.Rule or NamedKind.Test ? SymbolKind.Event : SymbolKind.Constant, text.At(t.Sentence.Span), text.At(t.NameAt.Span))),
        ];
    }

    internal static (NamedThing Thing, NamePlace Place)? At(PolicyWorkspace workspace, string uri, Position position)
    {
        if (workspace.TextOf(uri) is not { } text) return null;
        var (name, offset, outline) = (PolicyWorkspace.NameOf(uri), text.Offset(position), workspace.Outline(uri));
        return outline.At(name, offset) is { } thing ? (thing, outline.PlaceAt(name, offset)!) : null;
    }

    internal static string Detail(NamedKind kind) => kind switch
    {
        NamedKind.Condition => "let",
        NamedKind.HostGroup => "hosts",
        NamedKind.Calendar => "calendar",
        NamedKind.Test => "test",
        _ => "policy",
    };

    // A test is named nowhere else.
    private static bool CanRename(NamedThing thing) => thing.IsNamed && thing.Kind != NamedKind.Test;

    private static Location? LocationOf(PolicyWorkspace workspace, NamePlace place)
    {
        var uri = workspace.UriOf(place.SourceFile);
        return workspace.TextOf(uri) is { } text ? new Location(uri, text.At(place.Span)) : null;
    }
}
