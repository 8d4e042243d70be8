
namespace Ulm.Server.Live;

/// <summary>
/// Finds a guest's own figures in a plugin of its host that has fields for each: as Debian's <c>libvirt-*</c> plugins do, field <c>read</c> of <c>web-1</c>
/// is called <c>web_1_read</c>; or it stands in a sub-graph named after the guest.
/// </summary>
internal static class VmMuninFields
{
    /// <param name="name"><c>plugin.field</c> as policies write it: <c>libvirt-blkstat.read</c>.</param>
    /// <param name="guest">Its name on the host.</param>
    /// <param name="others">All guests of the host: two whose names munin writes the same way can't be told apart.</param>
    public static Figure Of(string name, string guest, IEnumerable<string> others, MuninAnswer answer)
    {
        var (graph, field) = MuninAnswer.Split(name);
        var written = Written(guest);
        if (others.FirstOrDefault(o => o != guest && Written(o) == written) is { } other) return Figure.Unknown($"munin writes the names of {guest} and {other} the same way, {written}");
        var own = $"{graph}.{written}_{field}";
        var inSubGraph = $"{graph}.{written}.{field}";
        return answer.Has(own) || !answer.Has(inSubGraph) ? answer.Field(own) : answer.Field(inSubGraph);
    }

    /// <summary>Those of a site's fields that are some guest's own, as policies write them: without the guest's name.</summary>
    public static HashSet<string> Of(IEnumerable<string> fields, IEnumerable<string> guests)
    {
        var written = guests.Select(Written).ToHashSet(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (graph, field) in fields.Select(MuninAnswer.Split))
        {
            // A guest's name may have underscores in it, and so may the field's.
            for (var at = field.IndexOf('_'); at >= 0; at = field.IndexOf('_', at + 1))
                if (written.Contains(field[..at])) found.Add($"{graph}.{field[(at + 1)..]}");
            var (root, last) = MuninAnswer.Split(graph);
            if (written.Contains(last)) found.Add($"{root}.{field}");
        }

        return found;
    }

    /// <summary>munin's field names have letters, digits and underscores only.</summary>
    public static string Written(string guest) => string.Concat(guest.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
