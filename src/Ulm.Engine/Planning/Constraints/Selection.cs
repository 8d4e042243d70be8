using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Planning.Constraints;

/// <summary>Which VMs and hosts a selector means.</summary>
internal static class Selection
{
    public static bool Selects(Selector selector, Vm vm) => ByName(selector, vm.Name, vm.Tags)
        ?? throw new InvalidOperationException($"selector {selector.GetType().Name} has no meaning for VMs");

    /// <returns>Unknown only where hosts are chosen by a condition that reads something that is not known.</returns>
    public static Truth Selects(Selector selector, Host host, SiteFacts facts) => selector is Selector.Where where
        ? new ConditionEvaluator(facts).Evaluate(where.Condition, host.Ref)
        : ByName(selector, host.Name, host.Tags) == true ? Truth.True : Truth.False;

    private static bool? ByName(Selector selector, string name, IReadOnlySet<string> tags) => selector switch
    {
        Selector.Exactly exactly => exactly.Names.Contains(name),
        Selector.Named named => SubjectAnswers.Fits(name, named.Pattern),
        Selector.Tagged tagged => tags.Contains(tagged.Tag),
        _ => null,
    };
}
