using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>A <c>let</c>, <c>hosts</c> or <c>calendar</c> sentence. What it stands for is bound when it is first asked for.</summary>
internal sealed class Definition(ParsedSentence sentence, DefinitionSyntax syntax)
{
    public ParsedSentence Sentence => sentence;

    public DefinitionSyntax Syntax => syntax;

    public string Name => syntax.Name.Value;

    public Place NamePlace => sentence.At(syntax.Name.Span);

    public DefinitionKind Kind => syntax switch
    {
        LetSyntax => DefinitionKind.Condition,
        HostGroupSyntax => DefinitionKind.HostGroup,
        _ => DefinitionKind.Calendar,
    };

    /// <summary>Of a condition or a group of hosts; null until bound.</summary>
    public BoundCondition? Bound { get; set; }

    /// <summary>Of a calendar; null until bound.</summary>
    public BoundCalendar? Calendar { get; set; }

    public bool Used { get; set; }
}

internal enum DefinitionKind
{
    Condition,
    HostGroup,
    Calendar,
}

/// <param name="Days">Null where there is a fault, which then is reported.</param>
/// <param name="Version">Of a file, what changes with its content; else empty.</param>
internal sealed record BoundCalendar(DayCalendar? Days, string Version);
