using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Definitions of calendars; those of conditions are nothing but a name and a condition.</summary>
internal sealed partial class SyntaxBuilder
{
    private DefinitionSyntax Calendar(TreeNode node, TextSpan span)
    {
        var name = Name(node.Children[1]);
        return Part(node, "calendarFile") is { } file
            ? new FileCalendarSyntax(name, Name(file.Children[1]), tokens, span)
            : new DateCalendarSyntax(name, [.. All(node, "dateRange").Select(DateRange)], tokens, span);
    }

    private DateRangeSyntax DateRange(TreeNode node) =>
        new(Number(node.Children[0]), node.Children.Count > 1 ? Number(node.Children[2]) : null, Span(node));
}
