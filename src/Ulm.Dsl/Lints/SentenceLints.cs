using System.Collections.Immutable;
using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;

namespace Ulm.Dsl.Lints;

/// <summary>
/// Something to find in a sentence that nothing has a part in but its words, the definitions it names, and what <see cref="LintedSentence"/> holds besides: what
/// is found in none of them is not looked for again. Once <see cref="ConstantConditions.IsSpent"/>, it may miss something, but finds nothing that it would not find else.
/// </summary>
internal interface ISentenceLint
{
    IEnumerable<Diagnostic> Check(LintedSentence sentence);
}

/// <param name="Rule">Null: it is none, or has a fault.</param>
/// <param name="Constants">One for all sentences of a site.</param>
/// <param name="PollingInterval">How often the site is measured.</param>
internal sealed record LintedSentence(ParsedSentence Sentence, BoundRule? Rule, Definitions Definitions, ConstantConditions Constants, TimeSpan PollingInterval);

/// <summary>Runs these lints over the sentences of a site, apart from those that are known to give them nothing to say.</summary>
internal static class SentenceLints
{
    public static readonly ImmutableArray<ISentenceLint> All = [new ConstantConditionLint(), new MixedAndOrLint(), new NoMoveEndsItLint(), new ShortWindowLint(), new ShutOutLint(), new UntilGapLint()];

    public static void Check(BoundSite site, DiagnosticBag bag)
    {
        var constants = new ConstantConditions();
        var rules = site.Rules.ToDictionary(r => r.Sentence);
        foreach (var sentence in site.Files.SelectMany(f => f.Sentences))
        {
            var known = sentence.Known;
            if (known?.Meaning is { LintCost: { } cost })
            {
                constants.Spend(cost);
                continue;
            }
            var (before, said) = (constants.Spent, bag.Count);
            var linted = new LintedSentence(sentence, rules.GetValueOrDefault(sentence), site.Definitions, constants, site.PollingInterval);
            foreach (var diagnostic in All.SelectMany(lint => lint.Check(linted)))
                bag.Add(diagnostic);
            if (known?.Meaning is { } meaning)
                known.Meaning = said == bag.Count && !constants.IsSpent ? meaning with { LintCost = constants.Spent - before } : null;
        }
    }
}
