using System.Collections;
using System.Reflection;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Formatting;

/// <summary>Whether two texts say the same to the compiler and to a reader, wherever in the text they say it.</summary>
internal static class Meaning
{
    /// <summary>What the second text has lost or changed; null where it means the same and has the same comments.</summary>
    public static string? Difference(SourceText before, SourceText after, SentenceMemo memo)
    {
        var (old, now) = (SoundText.Read(before, memo), SoundText.Read(after, memo));
        if (old is null || now is null)
            return "it can't be read";
        if (!old.Sentences.Select(Words).SequenceEqual(now.Sentences.Select(Words)))
            return "its sentences are others";
        if (!old.Tokens.Comments.SequenceEqual(now.Tokens.Comments))
            return "its comments are others";
        var (was, becomes) = (Compile(before), Compile(after));
        if (!was.Diagnostics.Select(d => d.Code).SequenceEqual(becomes.Diagnostics.Select(d => d.Code)))
            return "the compiler says something else of it";
        return Same(was.Policies, becomes.Policies) ? null : "its policies mean something else";

        CompilationResult Compile(SourceText text) => PolicyCompiler.Compile([text], CompilerOptions.Default, memo);
    }

    private static string Words(Syntax.SentenceSyntax sentence) => string.Join('\n', sentence.Tokens.Select(t => t.Text));

    /// <summary>
    /// Compares all that a policy set holds but places and the texts it was made of, by reflection so that what the language gains is not forgotten here. The name
    /// of a rule without a header is its place; a written one is among the words.
    /// </summary>
    internal static bool Same(object? a, object? b)
    {
        if (a is null || b is null)
            return a is null && b is null;
        if (a.GetType() != b.GetType())
            return false;
        if (a is IEnumerable left and not string)
            return left.Cast<object?>().SequenceEqual(((IEnumerable)b).Cast<object?>(), Comparer);
        if (a.GetType().Namespace != typeof(PolicySet).Namespace || a.GetType().IsEnum)
            return a.Equals(b);
        return a.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.PropertyType != typeof(SourceLocation) && !(p.DeclaringType == typeof(Rule) && p.Name == nameof(Rule.Name))
                && !(p.DeclaringType == typeof(PolicySet) && p.Name is nameof(PolicySet.Sources) or nameof(PolicySet.Hash)))
            .All(p => Same(p.GetValue(a), p.GetValue(b)));
    }

    private static readonly EqualityComparer<object?> Comparer = EqualityComparer<object?>.Create(Same, o => 0);
}
