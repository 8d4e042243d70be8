using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// The grammar of one sentence, for Irony. Names, numbers and quoted texts come to it as one sign each: what a token is has been
/// decided by the scanner and, where it can be several things, by <see cref="ParserStates"/>, before Irony sees it.
/// Written out for readers in <c>grammar/ulm.ebnf</c>; the two change together.
/// </summary>
internal sealed partial class PolicyGrammar : Grammar
{
    /// <summary>A word in a condition: an attribute or the name of a definition, and none of the words that build conditions.</summary>
    public const string Operand = "$operand";

    public const string Word = "$word", Number = "$number", QuotedText = "$text";

    /// <summary>Numbers of a form that is seen at once: <c>2026-12-24</c>, <c>07:00-20:00</c>.</summary>
    public const string Date = "$date", TimeRange = "$range";

    /// <summary>An <c>and</c> between two actions, as against one within a condition that an action holds.</summary>
    public const string AndAction = "$and";

    /// <summary>A comma between two time windows, as against one between the days of a window.</summary>
    public const string CommaWindow = "$comma";

    /// <summary>Our own signs that stand for no word of the language.</summary>
    public static readonly IReadOnlyList<string> Classes = [Operand, Word, Number, QuotedText, Date, TimeRange];

    // Building the tables takes a few milliseconds and the result is never changed; parsers over it are made anew for each parse.
    public static readonly LanguageData Language = new(new PolicyGrammar());

    public PolicyGrammar()
    {
        var sentence = new NonTerminal("sentence");
        Root = sentence;
        Condition();
        sentence.Rule = Rule() | Let() | HostGroup() | Calendar() | TimeZone() | Constraint() | Test();
    }

    private readonly NonTerminal _condition = new("condition");
    private NonTerminal? _name;
    private NonTerminal? _host;
    private NonTerminal? _vm;
    private NonTerminal? _inCluster;

    /// <summary>The word of the language that a sign of ours stands for, else the sign itself.</summary>
    public static string Written(string term) => term switch
    {
        AndAction => Vocabulary.And,
        CommaWindow => Vocabulary.Comma,
        _ => term,
    };

    private NonTerminal Name => _name ??= Make("name", ToTerm(Word) | ToTerm(QuotedText) | ToTerm(Number));

    private NonTerminal Host => _host ??= Make("host", ToTerm(Vocabulary.Host) | ToTerm(Vocabulary.Hosts));

    private NonTerminal Vm => _vm ??= Make("vm", ToTerm(Vocabulary.Vm) | ToTerm(Vocabulary.Vms));

    private NonTerminal InCluster => _inCluster ??= Make("inCluster", Empty | ToTerm(Vocabulary.In) + ToTerm(Vocabulary.Cluster) + Name);

    private static NonTerminal Make(string name, BnfExpression rule) => new(name) { Rule = rule };

    private NonTerminal OneOf(string name, IEnumerable<string> words)
    {
        var any = new NonTerminal(name);
        foreach (var word in words)
            any.Rule = any.Rule is null ? new BnfExpression(ToTerm(word)) : any.Rule | ToTerm(word);
        return any;
    }

    private NonTerminal ListOf(string name, BnfTerm? separator, BnfTerm item)
    {
        var list = new NonTerminal(name);
        list.Rule = MakePlusRule(list, separator, item);
        return list;
    }

    private NonTerminal AnyOf(string name, BnfTerm item)
    {
        var list = new NonTerminal(name);
        list.Rule = MakeStarRule(list, item);
        return list;
    }
}
