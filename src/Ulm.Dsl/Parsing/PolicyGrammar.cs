using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// The grammar of one sentence, for Irony. Names, numbers and quoted texts come to it as one sign each: what a token is has been
/// decided by the scanner and, where a keyword can also be a name, by <see cref="ParserStates"/>, before Irony sees it.
/// Written out for readers in <c>grammar/ulm.ebnf</c>; the two change together.
/// </summary>
internal sealed partial class PolicyGrammar : Grammar
{
    /// <summary>A word in a condition: an attribute or the name of a definition, and none of the words that build conditions.</summary>
    public const string Operand = "$operand";

    public const string Word = "$word", Number = "$number", QuotedText = "$text";

    // Building the tables takes a few milliseconds and the result is never changed; parsers over it are made anew for each parse.
    public static readonly LanguageData Language = new(new PolicyGrammar());

    public PolicyGrammar()
    {
        var sentence = new NonTerminal("sentence");
        Root = sentence;
        sentence.Rule = Rule() | Let() | TimeZone() | Constraint();
    }

    private readonly NonTerminal _condition = new("condition");
    private NonTerminal? _name;
    private NonTerminal? _host;
    private NonTerminal? _vm;
    private NonTerminal? _inCluster;

    private NonTerminal Name => _name ??= Make("name", ToTerm(Word) | ToTerm(QuotedText) | ToTerm(Number));

    private NonTerminal Host => _host ??= Make("host", ToTerm(Vocabulary.Host) | ToTerm(Vocabulary.Hosts));

    private NonTerminal Vm => _vm ??= Make("vm", ToTerm(Vocabulary.Vm) | ToTerm(Vocabulary.Vms));

    private NonTerminal InCluster => _inCluster ??= Make("inCluster", Empty | ToTerm(Vocabulary.In) + ToTerm(Vocabulary.Cluster) + Name);

    private static NonTerminal Make(string name, BnfExpression rule) => new(name) { Rule = rule };
}
