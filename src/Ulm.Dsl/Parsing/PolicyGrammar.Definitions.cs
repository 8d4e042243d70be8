using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Definitions: names for conditions, hosts and days, and the time zone.</summary>
internal sealed partial class PolicyGrammar
{
    private NonTerminal Let() => Make("let", ToTerm(Vocabulary.Let) + Word + ToTerm("=") + _condition);

    private NonTerminal HostGroup() => Make("hostGroup", ToTerm(Vocabulary.Hosts) + Word + ToTerm("=") + _condition);

    private NonTerminal Calendar()
    {
        var range = Make("dateRange", ToTerm(Date) | ToTerm(Date) + ToTerm(Vocabulary.To) + ToTerm(Date));
        var dates = ListOf("dates", ToTerm(Vocabulary.Comma), range);
        var file = Make("calendarFile", ToTerm(Vocabulary.File) + ToTerm(QuotedText));
        return Make("calendar",
            ToTerm(Vocabulary.Calendar) + Word + ToTerm("=") + dates
            | ToTerm(Vocabulary.Calendar) + Word + ToTerm("=") + file);
    }

    private NonTerminal TimeZone() => Make("timezone", ToTerm(Vocabulary.TimeZone) + Name);
}
