using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM11xx: numbers, units and what is compared with what.</summary>
internal static class UnitDiagnostics
{
    private static DiagnosticDescriptor Error(string code, string title, string help) =>
        new(code, title, DiagnosticCategory.Names, DiagnosticSeverity.Error, help);

    public static readonly DiagnosticDescriptor UnknownUnitCode = Error("ULM1101", "A unit that is not known",
        "units are `%`; `s`, `m`, `h`, `d`; `KiB`, `MiB`, `GiB`, `TiB`, `kB`, `MB`, `GB`, `TB`, each also with `/s`; `W`, `kW`");
    public static readonly DiagnosticDescriptor UnitMismatchCode = Error("ULM1102", "Two sides of a comparison in different units", "");
    public static readonly DiagnosticDescriptor MissingUnitCode = Error("ULM1103", "A number without its unit", "");
    public static readonly DiagnosticDescriptor PercentOutOfRangeCode = Error("ULM1104", "A percentage outside 0% to 100%",
        "what is measured in per cent lies between 0% and 100%");
    public static readonly DiagnosticDescriptor MalformedQuantityCode = Error("ULM1105", "A number that can't be read",
        "write a number and its unit, for example `75%`, `10m`, `1h30m`, `4GiB`");
    public static readonly DiagnosticDescriptor SeparatedUnitCode = Error("ULM1106", "A space between a number and its unit", "");
    public static readonly DiagnosticDescriptor ComparesConstantsCode = Error("ULM1107", "A comparison that reads nothing",
        "put what is to be watched on one side, for example `host.cpu > 75%`");
    public static readonly DiagnosticDescriptor CountOutOfRangeCode = Error("ULM1108", "A number that makes no sense here", "");
    public static readonly DiagnosticDescriptor WrongKindCode = Error("ULM1109", "A quantity of the wrong kind", "");

    public static readonly DiagnosticDescriptor FactorOutOfRangeCode = Error("ULM1110", "A factor that makes no sense",
        "a factor says how many times as much, for example `4x`; `1x` is as much as there is");

    public static readonly DiagnosticDescriptor NotWholeCode = Error("ULM1112", "A number that is not whole or out of range", "");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        UnknownUnitCode, UnitMismatchCode, MissingUnitCode, PercentOutOfRangeCode, MalformedQuantityCode, SeparatedUnitCode,
        ComparesConstantsCode, CountOutOfRangeCode, WrongKindCode, FactorOutOfRangeCode, NotWholeCode,
    ];

    public static Diagnostic UnknownUnit(Place at, string unit, string? mended) => Diagnostic.At(at, UnknownUnitCode,
        $"{Quote.Code(unit)} is not a unit", "not a known unit", mended is null ? null : $"did you mean `{mended}`?") with { Replacement = mended };

    public static Diagnostic UnitMismatch(Place at, string unit, Place other, string otherUnit, string? example) => Diagnostic.At(at, UnitMismatchCode,
        $"{Quote.Code(other.Text)} and {Quote.Code(at.Text)} can't be compared", $"this is {unit}",
        example is null ? "compare quantities of the same unit" : $"compare {Quote.Code(other.Text)} with {otherUnit}, for example `{example}`",
        DiagnosticLabel.At(other, $"this is {otherUnit}"));

    /// <param name="mended">The number with its unit, where only one makes sense.</param>
    public static Diagnostic MissingUnit(Place at, string needed, string help, string? mended) => Diagnostic.At(at, MissingUnitCode,
        $"{Quote.Code(at.Text)} has no unit", $"{needed} is needed here", help) with { Replacement = mended };

    public static Diagnostic PercentOutOfRange(Place at) => Diagnostic.At(at, PercentOutOfRangeCode,
        $"{Quote.Code(at.Text)} is outside 0% to 100%", "out of range");

    public static Diagnostic MalformedQuantity(Place at) => Diagnostic.At(at, MalformedQuantityCode,
        $"{Quote.Code(at.Text)} can't be read as a quantity", "not a number with a unit");

    public static Diagnostic SeparatedUnit(Place at, string mended) => Diagnostic.At(at, SeparatedUnitCode,
        "a unit stands right behind its number", "a space in between", $"write `{Quote.Clean(mended)}`") with { Replacement = mended };

    public static Diagnostic ComparesConstants(Place at) => Diagnostic.At(at, ComparesConstantsCode,
        $"{Quote.Code(at.Text)} compares two constants", "reads nothing that could change");

    public static Diagnostic CountOutOfRange(Place at, string of, int least) => Diagnostic.At(at, CountOutOfRangeCode,
        $"{Quote.Code(at.Text)} is not a number of {of}", "not possible here", $"write a whole number from {least} to {CompilerLimits.HostCount}");

    public static Diagnostic WrongKind(Place at, string found, string needed, string example) => Diagnostic.At(at, WrongKindCode,
        $"{Quote.Code(at.Text)} is {found}", $"{needed} is needed here", $"write {needed}, for example `{example}`");

    public static Diagnostic FactorOutOfRange(Place at) => Diagnostic.At(at, FactorOutOfRangeCode,
        $"{Quote.Code(at.Text)} is not a factor that can be used", $"must be above 0x and at most {CompilerLimits.LargestFactor}x");

    public static Diagnostic NotWhole(Place at, int least, int most) => Diagnostic.At(at, NotWholeCode,
        $"{Quote.Code(at.Text)} is not a whole number from {least} to {most}", "not possible here", $"write a whole number from {least} to {most}");
}
