using System.Collections.Immutable;
using System.IO.Enumeration;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>The standing constraints of a policy set, asked by what they forbid. Planner and executor ask the same questions here.</summary>
public sealed class ConstraintSet(ImmutableArray<StandingConstraint> constraints)
{
    public static readonly ConstraintSet None = new([]);

    /// <summary>The sentence that forbids moving this VM, or null.</summary>
    public string? ForbidsMigrating(Vm vm) =>
        constraints.OfType<StandingConstraint.NeverMigrate>().FirstOrDefault(c => Selects(c.Vms, vm))?.Text;

    /// <summary>How many hosts of a cluster must be on, with the sentence that says so (null: none does).</summary>
    public (int Count, string? Text) MinimumHostsOn(string cluster)
    {
        var strictest = constraints.OfType<StandingConstraint.AlwaysKeepHostsOn>().Where(c => c.Cluster is null || c.Cluster == cluster).MaxBy(c => c.Count);
        return (strictest?.Count ?? 0, strictest?.Text);
    }

    /// <summary>What forbids that one more host of this cluster goes off while <paramref name="hostsOn"/> are on and open, or null.</summary>
    public Obstacle? ForbidsPoweringOff(Host host, int hostsOn)
    {
        var (minimum, text) = MinimumHostsOn(host.Cluster);
        return hostsOn - 1 >= minimum ? null : new Obstacle(
            RefusalCode.KeepHostsOn, $"\"{text}\": {hostsOn} of cluster {host.Cluster} are on, without {host.Name} {hostsOn - 1} would be");
    }

    private static bool Selects(Selector selector, Vm vm) => selector switch
    {
        Selector.Exactly exactly => exactly.Names.Contains(vm.Name),
        Selector.Named named => FileSystemName.MatchesSimpleExpression(named.Pattern, vm.Name, ignoreCase: false),
        Selector.Tagged tagged => vm.Tags.Contains(tagged.Tag),
        _ => throw new InvalidOperationException($"selector {selector.GetType().Name} has no meaning in the engine"),
    };
}
