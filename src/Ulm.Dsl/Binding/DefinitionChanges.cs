namespace Ulm.Dsl.Binding;

/// <summary>Which names mean something else than in another compilation.</summary>
internal static class DefinitionChanges
{
    /// <summary>By name, of definitions that were bound: another text whenever one means something else by itself. What it names counts by its own.</summary>
    public static Dictionary<string, string> Meanings(Definitions definitions)
    {
        var meanings = definitions.All.ToDictionary(
            d => d.Name,
            // A fault can come of the order of the definitions, where they lead too deep.
            d => $"{string.Join('\n', d.Syntax.Tokens.Select(t => t.Text))}\n{d.Bound?.Condition is null} {d.Calendar?.Days is null} {d.Calendar?.Version}",
            StringComparer.Ordinal);
        // Whoever uses such a name has no fault as long as it is there.
        foreach (var name in definitions.Broken)
            meanings.Add(name, "");
        return meanings;
    }

    /// <summary>The names that are new, gone, or mean something else: by themselves, or by a name that they lead to.</summary>
    public static HashSet<string> Between(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now, Definitions definitions)
    {
        var changed = before.Keys.Union(now.Keys).Where(n => before.GetValueOrDefault(n) != now.GetValueOrDefault(n)).ToHashSet(StringComparer.Ordinal);
        if (changed.Count == 0)
            return changed;
        var naming = definitions.All.SelectMany(d => d.Syntax.Tokens.Select(t => (Word: t.Value, d.Name))).ToLookup(n => n.Word, n => n.Name, StringComparer.Ordinal);
        var waiting = new Queue<string>(changed);
        while (waiting.TryDequeue(out var name))
        {
            foreach (var user in naming[name].Where(changed.Add))
                waiting.Enqueue(user);
        }
        return changed;
    }
}
