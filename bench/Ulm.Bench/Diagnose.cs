using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Bench;

/// <summary>A file of 1,000 rules, changed in one place: all of it compiled anew, and with what is known of the last compilation. And a whole large site from nothing.</summary>
[MemoryDiagnoser]
public class Diagnose
{
    private ImmutableArray<SourceText> _large = [];
    private string _before = "", _after = "";
    private readonly SentenceMemo _memo = new();
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
    public ImmutableArray<Diagnostic> Anew() => PolicyCompiler.Compile([Edited()]).Diagnostics;

    [Benchmark]
    public ImmutableArray<Diagnostic> AnEdit() => PolicyCompiler.Compile([Edited()], CompilerOptions.Default, _memo).Diagnostics;

    [Benchmark]
    public ImmutableArray<Diagnostic> TenThousandRules() => PolicyCompiler.Compile(_large).Diagnostics;

    private SourceText Edited() => new("site.ulm", $"{_before}\n# {_typed++}{_after}");
}
