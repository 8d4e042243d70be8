using System.Text;
using Ulm.Dsl;
using Ulm.Dsl.Editing;
using Ulm.Dsl.Policies;
using Ulm.Server.Api;
using Ulm.Server.Explanations;

namespace Ulm.Server.LanguageServer;

/// <summary>What stands at a place: an attribute with what it reads now, a name with its sentence, a diagnostic with its page.</summary>
internal static class HoverProvider
{
    /// <summary>Subjects shown with their values; more would fill the screen.</summary>
    private const int MostValues = 12;

    public static async Task<Hover?> AtAsync(PolicyWorkspace workspace, SiteKnowledge site, string uri, Position position, CancellationToken ct)
    {
        if (workspace.TextOf(uri) is not { } text) return null;
        var offset = text.Offset(position);
        if (AttributeAt.Find(new SourceText(PolicyWorkspace.NameOf(uri), text.Text), offset) is var (attribute, span))
            return new Hover(new MarkupContent(await OfAttributeAsync(attribute, site, ct)), text.At(span));
        if (NameProvider.At(workspace, uri, position) is var (thing, place))
            return new Hover(new MarkupContent(OfThing(thing, workspace)), text.At(place.Span));
        var diagnostic = workspace.Compiled(uri).Result.Diagnostics
            .FirstOrDefault(d => d.SourceFile == PolicyWorkspace.NameOf(uri) && d.Span.Start <= offset && offset <= d.Span.End);
        return diagnostic is not null && ExplanationCatalogue.Find(diagnostic.Code) is { } page
            ? new Hover(new MarkupContent($"**{page.Code}: {page.Title}**\n\n{page.Text}"), text.At(diagnostic.Span))
            : null;
    }

    private static async Task<string> OfAttributeAsync(PolicyAttribute attribute, SiteKnowledge site, CancellationToken ct)
    {
        var shown = new StringBuilder($"`{attribute.Name}`, {UnitWords.Of(attribute.Unit)}\n\n{AttributeHelp.Of(attribute)}");
        if (await site.ValuesAsync(attribute.Name, ct) is { Values.Length: > 0 } now) Append(shown, now);
        return shown.ToString();
    }

    private static void Append(StringBuilder shown, ValuesDocument now)
    {
        shown.Append($"\n\n| now | |\n|---|---|\n");
        foreach (var value in now.Values.OrderByDescending(v => v.Value ?? double.NegativeInfinity).ThenBy(v => v.Subject, StringComparer.Ordinal).Take(MostValues))
            shown.Append($"| {value.Subject} | {(value.Value is null ? $"unknown: {value.Text}" : value.Text)} |\n");
        if (now.Values.Length > MostValues) shown.Append($"\nand {now.Values.Length - MostValues} more, all of them lower or unknown");
    }

    private static string OfThing(NamedThing thing, PolicyWorkspace workspace)
    {
        var source = workspace.TextOf(workspace.UriOf(thing.Sentence.SourceFile))?.Text ?? "";
        var sentence = thing.Sentence.Span.End <= source.Length ? source.Substring(thing.Sentence.Span.Start, thing.Sentence.Span.Length) : thing.Name;
        var uses = thing.Uses.Length == 1 ? "used once" : $"used {thing.Uses.Length} times";
        return $"```ulm\n{sentence}\n```\n{uses}";
    }
}
