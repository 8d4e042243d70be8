namespace Ulm.Dsl.Diagnostics;

public enum DiagnosticSeverity
{
    Warning,
    Error,
}

/// <summary>The stage that finds a fault; also the first digit of its code.</summary>
public enum DiagnosticCategory
{
    Syntax = 0,
    Names = 1,
    Schedules = 2,
    Safety = 3,
    Lints = 4,
    Configuration = 5,
}

/// <summary>What is always the same about a diagnostic; an occurrence is a <see cref="Diagnostic"/>.</summary>
/// <param name="Code">Stable for ever: <c>ULM0101</c>. Never used again once a diagnostic is withdrawn.</param>
/// <param name="Help">What to do about it, where the occurrence has nothing better to say.</param>
public sealed record DiagnosticDescriptor(
    string Code,
    string Title,
    DiagnosticCategory Category,
    DiagnosticSeverity DefaultSeverity,
    string Help);
