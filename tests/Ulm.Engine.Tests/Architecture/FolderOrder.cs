using Mono.Cecil;

namespace Ulm.Engine.Tests.Architecture;

/// <summary>A row of namespaces below one root, each of which may use only those to its left. The root itself may use none of them.</summary>
internal sealed class FolderOrder(string root, params string[] folders)
{
    /// <summary>The way of the data through the engine.</summary>
    public static readonly string[] Engine =
        ["Inventory", "Metrics", "Schedules", "Facts", "Rules", "Decisions", "Planning", "Actions", "Journal", "Loop", "Simulation"];

    private const int IsRoot = -1;
    private const int Elsewhere = -2;

    public IReadOnlyList<string> Violations(ModuleDefinition module) =>
        [.. TypeUses.In(module)
            .Where(u => Place(u.User) != Elsewhere && Place(u.Used) > Place(u.User))
            .Select(u => $"{u.User.FullName} uses {u.Used.FullName}: {u.Where}").Distinct()];

    /// <summary>Types below the root that stand in no known folder: they would go unchecked.</summary>
    public IReadOnlyList<string> Strangers(ModuleDefinition module) =>
        [.. module.Types.Where(t => (t.Namespace + ".").StartsWith(root + ".", StringComparison.Ordinal) && Place(t) == Elsewhere).Select(t => t.FullName)];

    private int Place(TypeReference type) => type.Namespace == root ? IsRoot
        : Array.FindIndex(folders, f => $"{type.Namespace}.".StartsWith($"{root}.{f}.", StringComparison.Ordinal)) is >= 0 and var place ? place
        : Elsewhere;
}
