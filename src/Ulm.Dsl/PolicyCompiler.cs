using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Lints;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Text;

namespace Ulm.Dsl;

/// <summary>From policy texts to a policy set.</summary>
public static class PolicyCompiler
{
    /// <summary>
    /// Compiles all files of a site together: definitions, names and constraints hold across files. Never throws on what stands
    /// in a text, and says everything there is to say in one go. Pure, safe to call from several threads.
    /// </summary>
    public static CompilationResult Compile(IReadOnlyList<SourceText> sources) => Compile(sources, CompilerOptions.Default);

    /// <inheritdoc cref="Compile(IReadOnlyList{SourceText})"/>
    public static CompilationResult Compile(IReadOnlyList<SourceText> sources, CompilerOptions options) => Compile(sources, options, memo: null);

    /// <inheritdoc cref="Compile(IReadOnlyList{SourceText})"/>
    /// <param name="memo">Of earlier compilations of the set; gives the same, sooner. Null: none.</param>
    public static CompilationResult Compile(IReadOnlyList<SourceText> sources, CompilerOptions options, SentenceMemo? memo)
    {
        var bag = new DiagnosticBag();
        var files = sources.Select(s => new SourceFile(s)).ToImmutableArray();
        var site = PolicyBinder.Bind([.. files.Select(f => FileParser.Parse(f, bag, memo))], options, bag, memo);
        PolicyLints.Check(site, bag);
        memo?.Finish();
        return new CompilationResult(site.ToPolicySet() with { Sources = [.. sources], Hash = HashOf(sources) }, bag.Finish(files));
    }

    private static string HashOf(IReadOnlyList<SourceText> sources) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', sources.SelectMany(s => new[] { s.Name, s.Text })))).AsSpan(0, 8));
}
