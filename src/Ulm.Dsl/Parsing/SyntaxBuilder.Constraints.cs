using Irony.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Standing constraints.</summary>
internal sealed partial class SyntaxBuilder
{
    private NeverMigrateSyntax NeverMigrate(ParseTreeNode selector, TextSpan span)
    {
        var kind = selector.ChildNodes.Count == 1 ? SelectorKind.Exactly
            : Token(selector.ChildNodes[0]).Text == Vocabulary.Named ? SelectorKind.Named
            : SelectorKind.Tagged;
        return new NeverMigrateSyntax(kind, Name(selector.ChildNodes[^1]), tokens, span);
    }
}
