using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;

namespace Ulm.Dsl.Tests.Parsing;

public class GrammarTests
{
    private static readonly HashSet<string> Written = [.. WrittenGrammar.Language.Terminals];

    private static readonly HashSet<string> Known = [.. Vocabulary.Keywords, .. Vocabulary.Signs];

    [Fact]
    public void The_written_grammar_has_every_word_of_the_vocabulary() => Assert.Empty(Known.Except(Written));

    [Fact]
    public void The_vocabulary_has_every_word_of_the_written_grammar() => Assert.Empty(Written.Except(Known));

    [Fact]
    public void The_parser_knows_exactly_the_vocabulary()
    {
        var parsed = PolicyGrammar.Language.Grammar.KeyTerms.Keys.Select(PolicyGrammar.Written).Except(PolicyGrammar.Classes);
        Assert.Equal(Known.Order(StringComparer.Ordinal), parsed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Who_does_not_know_how_to_begin_a_sentence_is_told_every_way() =>
        Assert.All(Vocabulary.SentenceStarters, word => Assert.Contains($"`{word}`", SyntaxDiagnostics.NotASentenceCode.Help));

    [Fact]
    public void The_grammar_has_no_conflicts() => Assert.Empty(PolicyGrammar.Language.Errors.Select(e => e.Message));
}
