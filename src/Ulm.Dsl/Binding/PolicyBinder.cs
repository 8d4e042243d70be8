using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>Everything the lints look at.</summary>
internal sealed record BoundSite(
    ImmutableArray<ParsedFile> Files,
    Definitions Definitions,
    ImmutableArray<BoundRule> Rules,
    ImmutableArray<BoundConstraint> Constraints,
    TimeZoneInfo? TimeZone,
    TimeSpan PollingInterval,
    Func<Trigger, bool> Comes)
{
    public ImmutableArray<BoundTest> Tests { get; init; } = [];

    public PolicySet ToPolicySet() => new(
        [.. Rules.Where(r => !r.Syntax.Mended).Select(r => r.Rule)],
        [.. Constraints.Where(c => !c.Syntax.Mended).Select(c => c.Constraint)],
        TimeZone)
    {
        Tests = [.. Tests.Where(t => !t.Syntax.Mended).Select(t => t.Test)],
    };
}

/// <summary>Binds the sentences of all files of a site together.</summary>
internal static class PolicyBinder
{
    public static BoundSite Bind(ImmutableArray<ParsedFile> files, CompilerOptions options, DiagnosticBag bag, SentenceMemo? memo = null)
    {
        var definitions = new Definitions(files, options, bag);
        definitions.BindAll();
        memo?.Use(definitions, options.PollingInterval);
        var names = new RuleNames(files, bag);
        var meanings = new MeaningRecall(definitions, bag);
        var ruleBinder = new RuleBinder(definitions, names, meanings, bag);
        var rules = ImmutableArray.CreateBuilder<BoundRule>();
        var constraints = ImmutableArray.CreateBuilder<BoundConstraint>();
        foreach (var file in files)
        {
            foreach (var sentence in file.Sentences)
            {
                if (sentence.Syntax is RuleSyntax rule && ruleBinder.Bind(sentence, rule) is { } bound)
                    rules.Add(bound);
                else if (sentence.Syntax is ConstraintSyntax constraint && meanings.Of(sentence, () => new ConstraintBinder(sentence, definitions, bag).Bind(constraint)) is { } holds)
                    constraints.Add(new BoundConstraint(holds with { Location = sentence.Location(constraint.Span) }, constraint, sentence));
            }
        }
        return new BoundSite(files, definitions, rules.ToImmutable(), constraints.ToImmutable(), TimeZoneBinder.Bind(files, bag), options.PollingInterval, options.Comes)
        {
            // When every rule has its name.
            Tests = Tests(files, names, bag),
        };
    }

    private static ImmutableArray<BoundTest> Tests(ImmutableArray<ParsedFile> files, RuleNames names, DiagnosticBag bag)
    {
        var binder = new PolicyTestBinder(names, bag);
        return [.. files.SelectMany(f => f.All<TestSyntax>().Select(t => binder.Bind(t.Sentence, t.Syntax))).OfType<BoundTest>()];
    }
}
