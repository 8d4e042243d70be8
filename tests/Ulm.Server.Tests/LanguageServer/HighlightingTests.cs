using System.Text.Json;
using System.Text.RegularExpressions;
using TextMateSharp.Grammars;
using TextMateSharp.Internal.Grammars.Reader;
using TextMateSharp.Internal.Types;
using TextMateSharp.Registry;
using TextMateSharp.Themes;
using Ulm.Dsl.Parsing;

namespace Ulm.Server.Tests.LanguageServer;

/// <summary>The grammar that editors highlight with, run by an implementation of what it is written for.</summary>
public class HighlightingTests
{
    private static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "ulm.tmLanguage.json");

    private static readonly IGrammar Grammar = new Registry(new Options()).LoadGrammar("source.ulm");

    [Fact]
    public void Every_keyword_is_highlighted_and_no_other_word()
    {
        var known = WordLists("keywords").SelectMany(Words).ToList();
        Assert.Equal(Vocabulary.Keywords.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_attribute_is_highlighted_and_nothing_else() => Assert.Equal(
        Vocabulary.Attributes.Order(StringComparer.Ordinal),
        Words(WordLists("attributes").Last()).Append("host.idle for").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("when host.cpu > 75% for 10m then evacuate heaviest fitting vm", "when", "keyword.control.ulm")]
    [InlineData("when host.cpu > 75% for 10m then evacuate heaviest fitting vm", "host.cpu", "variable.language.ulm")]
    [InlineData("when host.cpu.iowait > 5% then balance", "host.cpu.iowait", "variable.language.ulm")]
    [InlineData("when host.idle for > 5m then balance", "host.idle for", "variable.language.ulm")]
    [InlineData("when host.cpu > 75% for 10m then evacuate heaviest fitting vm", "75%", "constant.numeric.ulm")]
    [InlineData("when host.cpu > 75% for 10m then evacuate heaviest fitting vm", "evacuate", "support.function.action.ulm")]
    [InlineData("at 20:00 weekdays consolidate  # and when not?", "# and when not?", "comment.line.number-sign.ulm")]
    [InlineData("let office = 07:00-20:00 weekdays except holidays", "office", "entity.name.type.ulm")]
    [InlineData("let office = 07:00-20:00 weekdays except holidays", "07:00-20:00", "constant.numeric.ulm")]
    [InlineData("policy when-busy when busy then balance", "when-busy", "entity.name.function.ulm")]
    [InlineData("when avg(host.cpu, 15m) > 5% then balance", "avg", "support.function.ulm")]
    [InlineData("when host.munin[\"fan.fan1\"] < 500 then balance", "host.munin", "variable.language.munin.ulm")]
    [InlineData("then notify \"cpu of {host.name} \\\" # high\"", "{host.name}", "constant.other.placeholder.ulm")]
    public void A_word_is_shown_as_what_it_is(string line, string part, string scope)
    {
        var tokens = Grammar.TokenizeLine(line).Tokens;
        var at = line.IndexOf(part, StringComparison.Ordinal);
        var covering = tokens.Where(t => t.StartIndex < at + part.Length && t.EndIndex > at).ToList();
        Assert.NotEmpty(covering);
        Assert.All(covering, t => Assert.Equal(scope, t.Scopes[^1]));
    }

    [Theory]
    [InlineData("when busy-host > 5% then balance", "busy-host")]
    [InlineData("never migrate vm at-home.when", "at-home.when")]
    public void A_name_that_holds_a_keyword_is_none(string line, string name)
    {
        var at = line.IndexOf(name, StringComparison.Ordinal);
        Assert.All(Grammar.TokenizeLine(line).Tokens.Where(t => t.StartIndex < at + name.Length && t.EndIndex > at), t => Assert.Equal("source.ulm", t.Scopes[^1].Trim()));
    }

    private static IEnumerable<string> WordLists(string part)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path));
        return [.. document.RootElement.GetProperty("repository").GetProperty(part).GetProperty("patterns").EnumerateArray().Select(p => p.GetProperty("match").GetString()!)];
    }

    private static IEnumerable<string> Words(string pattern) =>
        Regex.Match(pattern, @"\(\?:([^)]*)\)").Groups[1].Value.Replace(@"\.", ".").Split('|');

    private sealed class Options : IRegistryOptions
    {
        public IRawGrammar GetGrammar(string scopeName)
        {
            using var reader = new StreamReader(Path);
            return GrammarReader.ReadGrammarSync(reader);
        }

        public ICollection<string> GetInjections(string scopeName) => [];

        public IRawTheme GetDefaultTheme() => ThemeReader();

        public IRawTheme GetTheme(string scopeName) => ThemeReader();

        private static IRawTheme ThemeReader()
        {
            using var reader = new StringReader("{ \"name\": \"none\", \"tokenColors\": [] }");
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(reader.ReadToEnd()));
            using var text = new StreamReader(stream);
            return TextMateSharp.Internal.Themes.Reader.ThemeReader.ReadThemeSync(text);
        }
    }
}
