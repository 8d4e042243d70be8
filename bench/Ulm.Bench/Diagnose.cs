using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Bench;

/// <summary>What an editor waits for at each keystroke: a file of 1,000 rules, changed in one place, compiled anew. And a whole large site from nothing.</summary>
[MemoryDiagnoser]
public class Diagnose
{
    private ImmutableArray<SourceText> _large = [];
    private string _before = "", _after = "";
    private int _typed;

    [GlobalSetup]
    public void Write()
    {
        var text = ManyRules.Text(0, 1_000);
        var middle = text.Length / 2;
        while (text[middle] != '\n') middle++;
        (_before, _after) = (text[..middle], text[middle..]);
        _large = ManyRules.Files(10_000);
    }

    [Benchmark]
    public ImmutableArray<Diagnostic> AnEdit() => PolicyCompiler.Compile([new SourceText("site.ulm", $"{_before}\n# {_typed++}{_after}")]).Diagnostics;

    [Benchmark]
    public ImmutableArray<Diagnostic> TenThousandRules() => PolicyCompiler.Compile(_large).Diagnostics;
}
