using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Text;
using Ulm.Server.Commands;
using Ulm.Server.Testing;

namespace Ulm.Server.Explanations;

/// <summary>The pages of <c>docs/diagnostics</c>, which the program carries with it.</summary>
public static class ExplanationCatalogue
{
    private const string Prefix = "ULM", Folder = "diagnostics/", Extension = ".md";
    private const int Offered = 3;

    // As many wrong digits as leave the others worth a guess.
    private const int NearDistance = 2;

    private static readonly Lazy<ImmutableArray<Explanation>> Pages = new(() =>
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read),
    ]);

    private static readonly Lazy<FrozenDictionary<string, Explanation>> ByCode = new(() => Pages.Value.ToFrozenDictionary(e => e.Code, StringComparer.OrdinalIgnoreCase));

    /// <summary>Every code there is, in order.</summary>
    public static ImmutableArray<Explanation> All => Pages.Value;

    /// <summary>In upper or lower case, with or without the letters; null where there is no such code.</summary>
    public static Explanation? Find(string code) => ByCode.Value.GetValueOrDefault(WithPrefix(code));

    /// <summary>The nearest codes to one that there is not, those that begin alike first; empty where none is near.</summary>
    public static IReadOnlyList<string> Near(string code)
    {
        var given = WithPrefix(code).ToUpperInvariant();
        var nearest = All.GroupBy(e => NearestWord.Distance(given, e.Code.ToUpperInvariant())).MinBy(g => g.Key);
        return nearest is null || nearest.Key > NearDistance
            ? []
            : [.. nearest.Select(e => e.Code).OrderByDescending(c => given.Zip(c).TakeWhile(p => p.First == p.Second).Count()).Take(Offered)];
    }

    private static string WithPrefix(string code) => code.Length > 0 && code.All(char.IsAsciiDigit) ? Prefix + code : code;

    private static Explanation Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        var page = reader.ReadToEnd();
        var code = resource[Folder.Length..^Extension.Length];
        var (heading, text) = (page[..page.IndexOf('\n')], page[page.IndexOf('\n')..].Trim('\n'));
        var descriptor = DiagnosticCatalogue.Find(code) ?? SiteNames.All.Concat(ConfigNames.All).Concat(TestFaults.All).FirstOrDefault(d => d.Code == code);
        return new Explanation(code, heading[$"# {code}: ".Length..], descriptor, text);
    }
}
