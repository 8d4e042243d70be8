using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>Hosts are powered off or suspended and nothing says how many must stay on. Said once, at the first such action.</summary>
internal sealed class PowerOffLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        // One that could not be read is reported by itself; that it is missing would be wrong.
        var kept = site.Files.Any(f => f.Sentences.Any(s => s.Syntax is AlwaysKeepSyntax or ReserveSyntax) || f.Broken.Any(b => b.Any(t => t.Is(Vocabulary.Always) || t.Is(Vocabulary.Reserve))));
        if (kept)
            return [];
        return site.Rules
            .SelectMany(r => r.Syntax.Actions.Where(a => a is PowerOffSyntax or SuspendSyntax).Select(a => (r.Sentence, Action: a)))
            .Take(1)
            .Select(off => SafetyDiagnostics.NoHostsKeptOn(off.Sentence.At(off.Action.Span), off.Action is SuspendSyntax ? "suspend" : "power off"));
    }
}
