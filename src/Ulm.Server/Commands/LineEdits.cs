namespace Ulm.Server.Commands;

/// <summary>Lines of the one text, from and to before, and those of the other that stand instead. One of the two may be none.</summary>
internal readonly record struct LineEdit((int Start, int End) Old, (int Start, int End) New);

/// <summary>The fewest lines to take out and put in to get from one text to another (Myers, "An O(ND) Difference Algorithm", 1986).</summary>
internal static class LineEdits
{
    /// <summary>Lines that differ before it is no longer worth finding out which are the same: the memory goes with their square.</summary>
    private const int MostDifferent = 2_000;

    public static List<LineEdit> Between(IReadOnlyList<string> old, IReadOnlyList<string> now)
    {
        var first = 0;
        while (first < old.Count && first < now.Count && old[first] == now[first]) first++;
        var (oldEnd, newEnd) = (old.Count, now.Count);
        while (oldEnd > first && newEnd > first && old[oldEnd - 1] == now[newEnd - 1]) (oldEnd, newEnd) = (oldEnd - 1, newEnd - 1);
        if (first == oldEnd && first == newEnd) return [];
        return Backwards(old, now, first, oldEnd, newEnd) ?? [new LineEdit((first, oldEnd), (first, newEnd))];
    }

    private static List<LineEdit>? Backwards(IReadOnlyList<string> old, IReadOnlyList<string> now, int first, int oldEnd, int newEnd)
    {
        var (n, m) = (oldEnd - first, newEnd - first);
        var most = Math.Min(n + m, MostDifferent);
        // reach[most + k]: how far into the old text one gets on diagonal k (old minus new) with the differences spent so far.
        var reach = new int[2 * most + 3];
        var trace = new List<int[]>();
        for (var spent = 0; spent <= most; spent++)
        {
            trace.Add(reach[(most - spent)..(most + spent + 3)]);
            for (var k = -spent; k <= spent; k += 2)
            {
                var at = most + 1 + k;
                var x = k == -spent || (k != spent && reach[at - 1] < reach[at + 1]) ? reach[at + 1] : reach[at - 1] + 1;
                while (x < n && x - k < m && old[first + x] == now[first + x - k]) x++;
                reach[at] = x;
                if (x >= n && x - k >= m) return Edits(trace, first, n, m);
            }
        }

        return null;
    }

    private static List<LineEdit> Edits(List<int[]> trace, int first, int n, int m)
    {
        var edits = new List<LineEdit>();
        var (x, y) = (n, m);
        for (var spent = trace.Count - 1; spent > 0; spent--)
        {
            var reach = trace[spent];
            var (k, middle) = (x - y, spent + 1);
            var down = k == -spent || (k != spent && reach[middle + k - 1] < reach[middle + k + 1]);
            var fromK = down ? k + 1 : k - 1;
            var fromX = reach[middle + fromK];
            var fromY = fromX - fromK;
            Add(edits, down
                ? new LineEdit((first + fromX, first + fromX), (first + fromY, first + fromY + 1))
                : new LineEdit((first + fromX, first + fromX + 1), (first + fromY, first + fromY)));
            (x, y) = (fromX, fromY);
        }

        edits.Reverse();
        return edits;
    }

    // They come from the last to the first; what touches is one.
    private static void Add(List<LineEdit> edits, LineEdit edit)
    {
        if (edits.Count > 0 && edits[^1] is var next && next.Old.Start == edit.Old.End && next.New.Start == edit.New.End)
            edits[^1] = new LineEdit((edit.Old.Start, next.Old.End), (edit.New.Start, next.New.End));
        else
            edits.Add(edit);
    }
}
