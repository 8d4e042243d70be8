using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Lints;

/// <summary>A definition whose name no other sentence mentions.</summary>
internal sealed class UnusedDefinitionLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        // A sentence that could not be read may have been the one that uses it.
        var mentioned = site.Files.SelectMany(f => f.Broken).SelectMany(b => b).Select(t => t.Value).ToHashSet(StringComparer.Ordinal);
        return site.Definitions.All
            .Where(d => !d.Used && !mentioned.Contains(d.Name))
            .Select(d => LintDiagnostics.UnusedDefinition(d.NamePlace, d.Name));
    }
}
