namespace Ulm.Dsl.Text;

/// <summary>Finds what somebody most likely meant by a word that is not known.</summary>
public static class NearestWord
{
    private const int LongestWord = 48;

    /// <summary>The nearest candidate, or null where none is near enough to be worth offering.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        if (word.Length > LongestWord)
            return null;
        var allowed = Math.Max(1, word.Length / 3);
        return candidates
            .Where(c => Math.Abs(c.Length - word.Length) <= allowed)
            .Select(c => (Word: c, Distance: Distance(word, c), Prefix: CommonPrefix(word, c)))
            // One letter of two has nothing in common with the other word unless it begins alike: "do" is not a misspelt "to".
            .Where(c => c.Distance <= allowed && (c.Distance < Math.Min(word.Length, c.Word.Length)) && (word.Length > 2 || c.Prefix > 0))
            .OrderBy(c => c.Distance).ThenByDescending(c => c.Prefix).ThenBy(c => c.Word, StringComparer.Ordinal)
            .Select(c => c.Word)
            .FirstOrDefault();
    }

    /// <summary>Letters inserted, deleted, replaced, or swapped with their neighbour; upper and lower case count as the same.</summary>
    public static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                var best = Math.Min(Math.Min(last[j] + 1, current[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    best = Math.Min(best, beforeLast[j - 2] + 1);
                current[j] = best;
            }
            (beforeLast, last, current) = (last, current, beforeLast);
        }
        return last[b.Length];
    }

    private static int CommonPrefix(string a, string b)
    {
        var length = 0;
        while (length < a.Length && length < b.Length && Same(a[length], b[length]))
            length++;
        return length;
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
