using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>Where a part of a sentence belongs that stands in the wrong place.</summary>
internal static class MisplacedPart
{
    /// <param name="before">What the sentence has been taken for so far.</param>
    public static string? Help(SyntaxToken token, IReadOnlyList<string> before)
    {
        if (token.Kind == TokenKind.Text && before is [Vocabulary.Calendar, _, "="])
            return $"days from a file are written `{Vocabulary.File} {Quote.Clean(token.Text)}`";
        if (token.Kind != TokenKind.Word || before.Count == 0)
            return null;
        if (token.Text is "else" or "otherwise")
            return "a rule has one condition; what is to be done otherwise is a rule of its own, with `not` before the condition";
        if (token.Text == Vocabulary.For && before[0] is Vocabulary.Let or Vocabulary.Hosts)
            return "a definition says no time; write `for` in the rule that uses it, behind the condition";
        if (token.Text is Vocabulary.And or Vocabulary.Or && before is [Vocabulary.When, .., Vocabulary.For, PolicyGrammar.Number])
            return "`for` is said once, of the whole condition; what has a time of its own is a rule of its own";
        var acts = before.Any(Vocabulary.ActionStarters.Contains);
        if (Vocabulary.GuardStarters.Contains(token.Text) && acts)
            return $"`{Guard(token.Text)}` is a guard: it stands before {(before.Contains(Vocabulary.Then) ? "`then`" : "the actions")}";
        if (!acts && token.Text is Vocabulary.Until or Vocabulary.Cooldown or Vocabulary.Priority or Vocabulary.Mode or Vocabulary.Because && Fires(before))
            return $"`{token.Text}` is a modifier: it stands behind the actions";
        if (token.Text == Vocabulary.For && before.Contains(Vocabulary.When) && before.Any(Vocabulary.GuardStarters.Contains))
            return "`for` stands right behind the condition, before any guard";
        if (before is [.., Vocabulary.Is, PolicyGrammar.Word] && Vocabulary.HostStates.Any(s => s.Word == token.Text))
            return $"write `not` before the question, as in `not host is {token.Text}`";
        return OfActions(token.Text, before);
    }

    // What stands here names one host or one VM, and the form before it chooses among several.
    private static string? OfActions(string word, IReadOnlyList<string> before) => (before, word) switch
    {
        ([.., Vocabulary.Power, Vocabulary.Off], Vocabulary.Host) => "one host is powered off with `shut down host NAME`, which empties it first",
        ([.., Vocabulary.Power, Vocabulary.On], Vocabulary.Host) => "hosts are powered on by number: `power on 1 host`",
        ([.., Vocabulary.Evacuate], Vocabulary.Vm) => "write which VM goes first, as in `evacuate heaviest vm`; one VM is moved with `migrate vm NAME to host NAME`",
        ([.., Vocabulary.Vm or Vocabulary.Vms, Vocabulary.To], Vocabulary.Host) =>
            "one VM is moved with `migrate vm NAME to host NAME`; to choose among hosts, write `to hosts where named \"NAME\"`",
        ([Vocabulary.Test, .., not (Vocabulary.Expect or Vocabulary.Power or Vocabulary.Never)], Vocabulary.Host or Vocabulary.Vm)
            when before.Contains(Vocabulary.Expect) || before.Contains(Vocabulary.At) =>
            "series stand before the first line that begins with `at` or `never`",
        _ => null,
    };

    private static string Guard(string word) => word == Vocabulary.In ? $"{Vocabulary.In} {Vocabulary.Cluster}" : word;

    private static bool Fires(IReadOnlyList<string> before) => Vocabulary.TriggerStarters.Any(before.Contains);
}
