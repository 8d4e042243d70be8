using Irony.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Definitions of calendars; those of conditions are nothing but a name and a condition.</summary>
internal sealed partial class SyntaxBuilder
{
    private DefinitionSyntax Calendar(ParseTreeNode node, TextSpan span)
    {
        var name = Name(node.ChildNodes[1]);
        return Part(node, "calendarFile") is { } file
            ? new FileCalendarSyntax(name, Name(file.ChildNodes[1]), tokens, span)
            : new DateCalendarSyntax(name, [.. All(node, "dateRange").Select(DateRange)], tokens, span);
    }

    private DateRangeSyntax DateRange(ParseTreeNode node) =>
        new(Number(node.ChildNodes[0]), node.ChildNodes.Count > 1 ? Number(node.ChildNodes[2]) : null, Span(node));
}
