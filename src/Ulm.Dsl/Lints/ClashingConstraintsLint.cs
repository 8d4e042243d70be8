using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>
/// Constraints about the same VMs that can't both be met. Only what is certain without a site: VMs chosen in the same words, or
/// named one by one.
/// </summary>
internal sealed class ClashingConstraintsLint : IPolicyLint
{
    /// <summary>Sentences about one VM that later ones are held against: more than anybody writes, and it bounds the work.</summary>
    private const int MostHeld = 16;

    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        var about = site.Constraints.Where(c => Vms(c.Constraint) is not null).ToList();
        // Sentences that have no VM in common are never held against one another, so a long file of them costs little.
        var byKey = new Dictionary<object, List<BoundConstraint>>();
        foreach (var later in about)
        {
            var earlier = Keys(Vms(later.Constraint)!).SelectMany(k => byKey.GetValueOrDefault(k) ?? []).Distinct<BoundConstraint>(ReferenceEqualityComparer.Instance);
            if (earlier.Select(e => Clash(e, later)).OfType<Diagnostic>().FirstOrDefault() is { } clash)
                yield return clash;
            foreach (var key in Keys(Vms(later.Constraint)!))
            {
                if (!byKey.TryGetValue(key, out var list))
                    byKey[key] = list = [];
                if (list.Count < MostHeld)
                    list.Add(later);
            }
        }
    }

    private static Diagnostic? Clash(BoundConstraint earlier, BoundConstraint later) => (earlier.Constraint, later.Constraint) switch
    {
        (StandingConstraint.Apart a, StandingConstraint.Together b) => Affinity(earlier, a.Vms, a.Hard, later, b.Vms, b.Hard),
        (StandingConstraint.Together a, StandingConstraint.Apart b) => Affinity(earlier, a.Vms, a.Hard, later, b.Vms, b.Hard),
        (StandingConstraint.KeepOn { Hosts: Selector.Exactly a }, StandingConstraint.KeepOn { Hosts: Selector.Exactly b }) when !a.Names.Intersect(b.Names).Any() =>
            ConstraintDiagnostics.CannotBothHold(later.Place, "these VMs are kept on other hosts", earlier.Place),
        (StandingConstraint.NeverMigrate, StandingConstraint.KeepOn) => ConstraintDiagnostics.PinnedElsewhere(later.Place, earlier.Place),
        (StandingConstraint.KeepOn, StandingConstraint.NeverMigrate) => ConstraintDiagnostics.PinnedElsewhere(earlier.Place, later.Place),
        _ => null,
    };

    private static Diagnostic? Affinity(BoundConstraint earlier, Selector first, bool firstIsHard, BoundConstraint later, Selector second, bool secondIsHard)
    {
        // One VM in common is no clash: `apart a, b` and `together b, c` can both hold.
        if (first is Selector.Exactly a && second is Selector.Exactly b && a.Names.Intersect(b.Names).Count() < 2)
            return null;
        return (firstIsHard, secondIsHard) switch
        {
            (true, true) => ConstraintDiagnostics.CannotBothHold(later.Place, "the same VMs are kept apart and together", earlier.Place),
            (true, false) => ConstraintDiagnostics.RuledOutPreference(later.Place, earlier.Place),
            (false, true) => ConstraintDiagnostics.RuledOutPreference(earlier.Place, later.Place),
            (false, false) => ConstraintDiagnostics.CannotBothHold(later.Place, "the same VMs are preferred apart and together", earlier.Place),
        };
    }

    private static Selector? Vms(StandingConstraint constraint) => constraint switch
    {
        StandingConstraint.Apart c => c.Vms,
        StandingConstraint.Together c => c.Vms,
        StandingConstraint.KeepOn c => c.Vms,
        StandingConstraint.NeverMigrate c => c.Vms,
        _ => null,
    };

    // Two constraints may clash only if they share one of these.
    private static IEnumerable<object> Keys(Selector vms) => vms is Selector.Exactly exactly ? exactly.Names : [vms];
}
