using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Definitions: names for conditions, hosts and days, and the time zone.</summary>
internal sealed partial class PolicyGrammar
{
    private NonTerminal Let() => Make("let", ToTerm(Vocabulary.Let) + Word + ToTerm("=") + _condition);

    private NonTerminal TimeZone() => Make("timezone", ToTerm(Vocabulary.TimeZone) + Name);
}
