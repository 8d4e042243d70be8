using System.Collections.Immutable;
using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Editing;

/// <summary>What a sentence gives a name to.</summary>
public enum NamedKind
{
    /// <summary><c>let NAME = ...</c></summary>
    Condition,

    /// <summary><c>hosts NAME = ...</c></summary>
    HostGroup,

    /// <summary><c>calendar NAME = ...</c></summary>
    Calendar,

    /// <summary>A rule; <c>policy NAME</c>, or by its place.</summary>
    Rule,

    /// <summary><c>test "NAME" { ... }</c></summary>
    Test,
}

/// <summary>A stretch of one of the texts.</summary>
public sealed record NamePlace(string SourceFile, TextSpan Span);

/// <summary>Something that has a name in a policy text.</summary>
/// <param name="Name">Of a rule without a name: how it begins.</param>
/// <param name="NameAt">The name where it is given; of a rule without one, the first word.</param>
/// <param name="IsNamed">False: a rule that its author gave no name.</param>
/// <param name="Sentence">The whole sentence.</param>
/// <param name="Uses">Where else it is named, in the order of the texts. Rules are named in tests.</param>
public sealed record NamedThing(NamedKind Kind, string Name, bool IsNamed, NamePlace NameAt, NamePlace Sentence, ImmutableArray<NamePlace> Uses);

/// <summary>The names of all texts of a site, for editors: outlines, definitions, renaming. Pure.</summary>
public sealed record PolicyOutline(ImmutableArray<NamedThing> Things)
{
    private const int WordsShown = 4;

    /// <summary>The thing whose name stands at an offset, where it is given or where it is used.</summary>
    public NamedThing? At(string sourceFile, int offset) => Things.FirstOrDefault(t => t.Uses.Prepend(t.NameAt).Any(p => Holds(p, sourceFile, offset)));

    /// <summary>The name as it stands at an offset.</summary>
    public NamePlace? PlaceAt(string sourceFile, int offset) => Things.SelectMany(t => t.Uses.Prepend(t.NameAt)).FirstOrDefault(p => Holds(p, sourceFile, offset));

    /// <summary>Texts are bound anew; what is wrong with them is for the compiler to say. Calendar files are not looked at.</summary>
    /// <param name="memo">Of a compilation of these texts; null: none.</param>
    public static PolicyOutline Of(IReadOnlyList<SourceText> sources, SentenceMemo? memo = null)
    {
        var bag = new DiagnosticBag();
        var files = sources.Select(s => FileParser.Parse(new SourceFile(s), bag, memo)).ToImmutableArray();
        return Of(PolicyBinder.Bind(files, CompilerOptions.Default, bag));
    }

    internal static PolicyOutline Of(BoundSite site)
    {
        var order = site.Files.Index().ToDictionary(f => f.Item.File, f => f.Index);
        var tests = site.Files.SelectMany(f => f.All<TestSyntax>()).ToList();
        var inTests = tests.SelectMany(t => t.Syntax.Items.OfType<ExpectationSyntax>().SelectMany(e => RulesNamed(e.What)).Select(n => (t.Sentence, Name: n)))
            .ToLookup(u => u.Name.Value, u => PlaceOf(u.Sentence.At(u.Name.Span)), StringComparer.Ordinal);
        return new PolicyOutline(
        [
            .. site.Definitions.All.Select(d => Thing(KindOf(d.Kind), d.Name, d.NamePlace, d.Sentence.Place, InOrder(site.Definitions.UsesOf(d)))),
            .. site.Files.SelectMany(f => f.All<RuleSyntax>().Select(r =>
                r.Syntax.Name is { } given
                ? Thing(NamedKind.Rule, given.Value, r.Sentence.At(given.Span), r.Sentence.Place, inTests[given.Value])
                : Thing(NamedKind.Rule, Beginning(r.Syntax), r.Sentence.At(r.Syntax.Tokens[0].Span), r.Sentence.Place, []) with { IsNamed = false })),
            .. tests.Select(t => Thing(NamedKind.Test, t.Syntax.Name.Value, t.Sentence.At(t.Syntax.Name.Span), t.Sentence.Place, [])),
        ]);

        IEnumerable<NamePlace> InOrder(IEnumerable<Place> uses) => uses.OrderBy(u => order[u.File]).ThenBy(u => u.Span.Start).Select(PlaceOf);
    }

    private static IEnumerable<NameSyntax> RulesNamed(ExpectedSyntax expected) => expected switch
    {
        ExpectedStepSyntax { By: { } rule } => [rule],
        ExpectedPendingSyntax pending => [pending.Rule],
        ExpectedFiresSyntax fires => [fires.Rule],
        ExpectedRefusedSyntax refused => refused.Names,
        _ => [],
    };

    private static NamedThing Thing(NamedKind kind, string name, Place nameAt, Place sentence, IEnumerable<NamePlace> uses) =>
        new(kind, name, IsNamed: true, PlaceOf(nameAt), PlaceOf(sentence), [.. uses]);

    private static string Beginning(RuleSyntax rule) => string.Join(' ', rule.Tokens.Take(WordsShown).Select(t => t.Text));

    private static NamePlace PlaceOf(Place place) => new(place.File.Name, place.Span);

    private static NamedKind KindOf(DefinitionKind kind) => kind switch
    {
        DefinitionKind.HostGroup => NamedKind.HostGroup,
        DefinitionKind.Calendar => NamedKind.Calendar,
        _ => NamedKind.Condition,
    };

    // A place right behind the last letter still counts: that is where the cursor is after typing the name.
    private static bool Holds(NamePlace place, string sourceFile, int offset) =>
        place.SourceFile == sourceFile && place.Span.Start <= offset && offset <= place.Span.End;
}
