using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Constraints;

/// <summary>VMs that a sentence keeps apart or together, by number.</summary>
internal sealed record VmGroup(StandingConstraint Sentence, bool Hard, ImmutableArray<int> Members)
{
    public static ImmutableArray<VmGroup> Apart(ConstraintSet set, Site site) =>
        [.. set.Of<StandingConstraint.Apart>().Select(c => new VmGroup(c, c.Hard, Selected(c.Vms, site))).Where(g => g.Members.Length > 1)];

    public static ImmutableArray<VmGroup> Together(ConstraintSet set, Site site) =>
        [.. set.Of<StandingConstraint.Together>().Select(c => new VmGroup(c, c.Hard, Selected(c.Vms, site))).Where(g => g.Members.Length > 1)];

    private static ImmutableArray<int> Selected(Selector selector, Site site) =>
        [.. Enumerable.Range(0, site.Vms.Length).Where(v => Selection.Selects(selector, site.Vms[v]))];
}

/// <summary>The groups of one kind, to be asked by VM.</summary>
internal sealed class VmGroups
{
    private readonly ImmutableArray<int>[]? _of;

    public VmGroups(ImmutableArray<VmGroup> groups, int vms)
    {
        All = groups;
        if (groups.IsEmpty) return;
        _of = new ImmutableArray<int>[vms];
        Array.Fill(_of, []);
        for (var g = 0; g < groups.Length; g++) foreach (var vm in groups[g].Members) _of[vm] = _of[vm].Add(g);
    }

    public ImmutableArray<VmGroup> All { get; }

    /// <summary>Numbers of the groups that a VM belongs to.</summary>
    public ImmutableArray<int> Of(int vm) => _of is null ? [] : _of[vm];
}
