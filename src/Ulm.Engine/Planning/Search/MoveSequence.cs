namespace Ulm.Engine.Planning.Search;

/// <summary>
/// Puts the moves of a draft into an order in which each is allowed when its turn comes. Where moves wait for one another in a ring, one VM
/// is parked on a third host and goes on from there. What still can't be done is left out.
/// </summary>
internal static class MoveSequence
{
    /// <param name="moves">Each VM once, from where <paramref name="start"/> has it; those first that matter most.</param>
    public static (Placement After, List<PlannedAction.Migrate> Moves) Of(Placement start, IEnumerable<PlannedAction.Migrate> moves, PlanningContext context)
    {
        var (placement, ordered, waiting, parked) = (start, new List<PlannedAction.Migrate>(), moves.ToList(), new HashSet<string>(StringComparer.Ordinal));
        while (waiting.Count > 0)
        {
            var before = ordered.Count;
            waiting.RemoveAll(TryMake);
            if (ordered.Count == before && !TryPark()) break;
        }

        return (placement, ordered);

        bool TryMake(PlannedAction.Migrate move)
        {
            var (vm, target) = (placement.Site.Vm(move.Vm), placement.Site.Host(move.To));
            if (PlacementFilters.Objection(placement, placement.IndexOf(vm), placement.IndexOf(target), context.Limits) is not null) return false;
            placement = placement.Move(vm, target);
            ordered.Add(move);
            return true;
        }

        bool TryPark()
        {
            // The smallest first: it is copied once more than need be.
            var targets = waiting.Select(m => m.To).ToHashSet(StringComparer.Ordinal);
            foreach (var move in waiting.Where(m => targets.Contains(m.From) && !parked.Contains(m.Vm)).OrderBy(m => placement.Site.Vm(m.Vm).MemoryBytes).ThenBy(m => m.Vm, StringComparer.Ordinal))
            {
                var roomiest = placement.Site.Hosts.Where(h => !targets.Contains(h.Name) && !context.LeavesAlone(h) && !placement.IsEmpty(h))
                    .OrderBy(placement.MemoryPercent).ThenBy(h => h.Name, StringComparer.Ordinal);
                foreach (var host in roomiest)
                {
                    if (!TryMake(new PlannedAction.Migrate(move.Vm, move.From, host.Name))) continue;
                    parked.Add(move.Vm);
                    waiting[waiting.IndexOf(move)] = move with { From = host.Name };
                    return true;
                }
            }

            return false;
        }
    }
}
