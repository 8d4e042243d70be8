using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Syntax;

/// <summary><c>07:00-20:00 weekdays except holidays</c></summary>
/// <param name="Days">Null: none are written, which means all.</param>
public sealed record TimeWindowSyntax(QuantitySyntax Range, DaysSyntax? Days, TextSpan Span) : SyntaxNode(Span);

/// <param name="Days">May be empty where there are exceptions.</param>
/// <param name="Except">Names of calendars.</param>
public sealed record DaysSyntax(ImmutableArray<DaySyntax> Days, ImmutableArray<NameSyntax> Except, TextSpan Span) : SyntaxNode(Span);

public abstract record DaySyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary><c>weekdays</c>, <c>monday</c></summary>
public sealed record WeeklySyntax(DaysOfWeek Days, TextSpan Span) : DaySyntax(Span);

/// <summary><c>first monday of month</c></summary>
public sealed record MonthlySyntax(DayOfMonth Day, TextSpan Span) : DaySyntax(Span);

/// <summary><c>2026-12-24</c></summary>
public sealed record DateSyntax(QuantitySyntax Date) : DaySyntax(Date.Span);

/// <summary><c>2026-12-24 to 2026-12-26</c></summary>
/// <param name="Last">Null: the one day.</param>
public sealed record DateRangeSyntax(QuantitySyntax First, QuantitySyntax? Last, TextSpan Span) : SyntaxNode(Span);
