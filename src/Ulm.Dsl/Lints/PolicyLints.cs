using System.Collections.Immutable;
using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Lints;

/// <summary>Something to find in policies that are each sound by themselves, looking across sentences.</summary>
internal interface IPolicyLint
{
    IEnumerable<Diagnostic> Check(BoundSite site);
}

/// <summary>The lints, in no order that matters.</summary>
internal static class PolicyLints
{
    public static readonly ImmutableArray<IPolicyLint> All =
    [
        new AlwaysKeepLint(), new ClashingConstraintsLint(), new NeverComesLint(), new OutsideItsWindowLint(), new PowerOffLint(), new RepeatedActionLint(),
        new RepeatedConstraintLint(), new ShortHoldLint(), new TwoLimitsLint(), new UndoingRulesLint(), new UnusedDefinitionLint(),
    ];

    public static void Check(BoundSite site, DiagnosticBag bag)
    {
        SentenceLints.Check(site, bag);
        foreach (var diagnostic in All.SelectMany(lint => lint.Check(site)))
            bag.Add(diagnostic);
    }
}
