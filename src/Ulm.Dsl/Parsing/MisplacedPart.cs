using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>Where a part of a sentence belongs that stands in the wrong place.</summary>
internal static class MisplacedPart
{
    /// <param name="before">What the sentence has been taken for so far.</param>
    public static string? Help(SyntaxToken token, IReadOnlyList<string> before)
    {
        if (token.Kind != TokenKind.Word || before.Count == 0)
            return null;
        var acts = before.Any(Vocabulary.ActionStarters.Contains);
        if (Vocabulary.GuardStarters.Contains(token.Text) && acts)
            return $"`{Guard(token.Text)}` is a guard: it stands before {(before.Contains(Vocabulary.Then) ? "`then`" : "the actions")}";
        if (!acts && token.Text is Vocabulary.Until or Vocabulary.Cooldown or Vocabulary.Priority or Vocabulary.Mode or Vocabulary.Because && Fires(before))
            return $"`{token.Text}` is a modifier: it stands behind the actions";
        if (token.Text == Vocabulary.For && before.Contains(Vocabulary.When) && before.Any(Vocabulary.GuardStarters.Contains))
            return "`for` stands right behind the condition, before any guard";
        if (before is [.., Vocabulary.Is, PolicyGrammar.Word] && Vocabulary.HostStates.Any(s => s.Word == token.Text))
            return $"write `not` before the question, as in `not host is {token.Text}`";
        return null;
    }

    private static string Guard(string word) => word == Vocabulary.In ? $"{Vocabulary.In} {Vocabulary.Cluster}" : word;

    private static bool Fires(IReadOnlyList<string> before) => Vocabulary.TriggerStarters.Any(before.Contains);
}
