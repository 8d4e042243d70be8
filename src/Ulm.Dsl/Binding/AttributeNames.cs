using System.Collections.Immutable;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>What somebody meant who wrote an attribute that there is not.</summary>
internal static class AttributeNames
{
    /// <summary>The two that are read field by field.</summary>
    public static readonly ImmutableArray<string> WithFields = ["host.munin", "vm.munin"];

    public static bool IsMunin(string name) => WithFields.Contains(name);

    public static bool LooksLikeOne(string name) =>
        name.StartsWith("host.", StringComparison.Ordinal) || name.StartsWith("vm.", StringComparison.Ordinal) || name.StartsWith("cluster.", StringComparison.Ordinal);

    public static string? Nearest(string name) =>
        NearestAsWritten(name) ?? NearestAsWritten(name.Replace("ram", "memory", StringComparison.OrdinalIgnoreCase).Replace('_', '.')
            .Replace("usage", "", StringComparison.OrdinalIgnoreCase).TrimEnd('.'));

    private static string? NearestAsWritten(string name) =>
        // `cpu` alone: the host's, which most rules are about.
        Vocabulary.Attributes.FirstOrDefault(a => a.EndsWith("." + name, StringComparison.OrdinalIgnoreCase))
        // `host.memory.free`: what it is a part of.
        ?? Vocabulary.Attributes.FirstOrDefault(a => name.StartsWith(a + ".", StringComparison.OrdinalIgnoreCase))
        ?? NearestWord.Find(name, Vocabulary.Attributes);
}
