using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Bench;

/// <summary>What an editor waits for at each keystroke: a file of 1,000 rules, changed in one place, compiled anew.</summary>
[MemoryDiagnoser]
public class Diagnose
{
    private string _before = "", _after = "";
    private int _typed;

    [GlobalSetup]
    public void Write()
    {
        var rules = Enumerable.Range(0, 1000).Select(i => $"""
            policy rule-{i}
              when host.cpu > {50 + i % 40}% and (host.memory < {10 + i % 80}% or busy) for {5 + i % 20}m
              then evacuate heaviest fitting vm by cpu
              until host.cpu < {20 + i % 25}%
              cooldown {10 + i % 5}m
            """);
        var text = $"let busy = host.cpu > 75% and host.load > 2\nalways keep 2 hosts on\n{string.Join("\n\n", rules)}\n";
        var middle = text.IndexOf("policy rule-500", StringComparison.Ordinal);
        (_before, _after) = (text[..middle], text[middle..]);
    }

    [Benchmark]
    public ImmutableArray<Diagnostic> AnEdit() => PolicyCompiler.Compile([new SourceText("site.ulm", $"{_before}# {_typed++}\n{_after}")]).Diagnostics;
}
