namespace Ulm.Server.LanguageServer;

/// <summary>Mends for what is wrong, where the compiler knows the one thing to write instead: a misspelt word, a missing unit.</summary>
internal static class QuickFixes
{
    public static CodeAction[] For(PolicyWorkspace workspace, SiteKnowledge site, string uri, Range range)
    {
        if (workspace.TextOf(uri) is not { } text) return [];
        var (name, begin, end) = (PolicyWorkspace.NameOf(uri), text.Offset(range.Start), text.Offset(range.End));
        var files = workspace.Compiled(uri);
        var diagnostics = files.Result.Diagnostics.AddRange(site.Check(files));
        return
        [
            .. from diagnostic in diagnostics
               where diagnostic.SourceFile == name && diagnostic.Replacement is not null && diagnostic.Span.Start <= end && begin <= diagnostic.Span.End
               let edit = new TextEdit(text.At(diagnostic.Span), diagnostic.Replacement!)
               select new CodeAction(
                   diagnostic.Replacement is "" ? "Remove it" : $"Write `{diagnostic.Replacement}`", "quickfix", DiagnosticMapper.Of(name, [diagnostic], files.Sources, workspace.UriOf), IsPreferred: true,
                   new WorkspaceEdit(new Dictionary<string, TextEdit[]> { [uri] = [edit] })),
        ];
    }
}
