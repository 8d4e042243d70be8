using CsCheck;

namespace Ulm.Engine.Tests;

/// <summary>Generated cases that are the same in every run, so that a run that was green stays green, and a case that fails can be had again by its number.</summary>
internal static class FixedCases
{
    private const ulong Seed = 20261126;

    /// <summary>How many times as many cases as usual: for a long search by hand.</summary>
    public static readonly int Times = int.TryParse(Environment.GetEnvironmentVariable("ULM_PROPERTY_TIMES"), out var times) ? times : 1;

    /// <summary>Where seeds begin, for a search beyond the usual ones.</summary>
    public static readonly int From = int.TryParse(Environment.GetEnvironmentVariable("ULM_PROPERTY_FROM"), out var from) ? from : 0;

    /// <summary>The case of that number.</summary>
    public static T Case<T>(this Gen<T> gen, int number) => gen.Generate(new PCG((uint)number, Seed), null, out _);

    public static void Check<T>(this Gen<T> gen, int cases, Action<T> property) => Parallel.For(0, cases * Times, new ParallelOptions { MaxDegreeOfParallelism = 2 }, number =>
    {
        var value = gen.Case(number);
        try
        {
            property(value);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"case {number}: {e.Message}", e);
        }
    });

    public static void Check<A, B>(this Gen<(A, B)> gen, int cases, Action<A, B> property) => gen.Check(cases, pair => property(pair.Item1, pair.Item2));

    public static void Check<A, B, C>(this Gen<(A, B, C)> gen, int cases, Action<A, B, C> property) =>
        gen.Check(cases, all => property(all.Item1, all.Item2, all.Item3));
}
