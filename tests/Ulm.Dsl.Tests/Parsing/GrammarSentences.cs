using System.Text;

namespace Ulm.Dsl.Tests.Parsing;

/// <summary>Random sentences from the written grammar. Their words are in order; what they say need not make sense.</summary>
internal sealed class GrammarSentences(Random random)
{
    private const int Depth = 16;

    private const int LongestSentence = 300;

    private static readonly string[] Words =
    [
        "busy", "office", "a", "x-1", "night_2", "relieve.overload", "host.cpu", "vm.memory", "host.idle-ish", "ærø", "_", "cpu", "memory", "monday", "heaviest",
        "fitting", "spare", "of", "day", "moves", "hosts", "have", "cron", "calendar", "keep", "prefer", "reserve", "limit", "overcommit", "test",
    ];

    private static readonly string[] Names =
    [
        .. Words, "then", "where", "off", "per", "to", "all", "2nd", "7",
        "when", "every", "let", "always", "timezone", "policy",
    ];

    private static readonly string[] Texts = ["\"\"", "\"a b\"", "\"# when x then\"", "\"\\\"q\\\" \\\\\"", "\"plugin.field\"", "\"0 0 20 ? * MON\"", "\"{host.name}\""];

    private static readonly string[] Numbers = ["75%", "10m", "1h30m", "2", "0", "-3", "+1", "4GiB", "80MiB/s", "200W", "20:00", "4x", "1.5", "99:99", "10zz"];

    private static readonly string[] Dates = ["2026-12-24", "2027-1-1", "0000-00-00", "24.12.2026"];

    private static readonly string[] Ranges = ["07:00-20:00", "22:00-06:00", "7:00-8:00", "00:00-24:00"];

    private static readonly Dictionary<string, string[]> Tokens = new(StringComparer.Ordinal)
    {
        ["name"] = [.. Names, .. Texts], ["word"] = Words, ["text"] = Texts, ["number"] = Numbers, ["date"] = Dates, ["time range"] = Ranges,
        ["zone"] = ["UTC", "\"Europe/Copenhagen\"", "\"no/such\""],
    };

    // How deep a rule must at least go, so that a sentence comes to an end.
    private static readonly Dictionary<string, int> Least = LeastDepths();

    /// <summary>The words of one sentence.</summary>
    public IReadOnlyList<string> Next(string rule = "sentence")
    {
        while (true)
        {
            var words = new List<string>();
            Write(new Ebnf.Reference(rule), random.Next(6, Depth), words);
            if (words.Count <= LongestSentence)
                return words;
        }
    }

    /// <summary>Words with blanks, line ends and comments between them.</summary>
    public static string Spread(IEnumerable<string> words, Random random)
    {
        var text = new StringBuilder();
        foreach (var word in words)
        {
            text.Append(random.Next(20) switch
            {
                0 => "\n",
                1 => "\r\n\t",
                2 => " # when x then \"\n",
                _ => " ",
            }).Append(word);
        }
        return text.ToString();
    }

    private void Write(Ebnf part, int depth, List<string> words)
    {
        switch (part)
        {
            case Ebnf.Terminal terminal:
                words.Add(terminal.Text);
                break;
            case Ebnf.Reference { Name: var name }:
                if (Tokens.TryGetValue(name, out var tokens))
                    words.Add(Any(tokens));
                else
                    Write(WrittenGrammar.Language.Rules[name], depth - 1, words);
                break;
            case Ebnf.Sequence sequence:
                foreach (var inner in sequence.Parts)
                    Write(inner, depth, words);
                break;
            case Ebnf.Choice choice:
                var least = choice.Alternatives.Min(LeastOf);
                var fitting = choice.Alternatives.Where(a => LeastOf(a) <= Math.Max(depth, least)).ToArray();
                Write(fitting[random.Next(fitting.Length)], depth, words);
                break;
            case Ebnf.Optional optional:
                if (random.Next(2) == 0 && LeastOf(optional.Inner) <= depth)
                    Write(optional.Inner, depth, words);
                break;
            case Ebnf.Repeated repeated:
                for (var times = random.Next(4); times > 1 && LeastOf(repeated.Inner) <= depth; times--)
                    Write(repeated.Inner, depth, words);
                break;
            default:
                throw new InvalidOperationException($"`{part}` is said in words only; it needs examples.");
        }
    }

    private string Any(string[] words) => words[random.Next(words.Length)];

    private static Dictionary<string, int> LeastDepths()
    {
        var least = WrittenGrammar.Language.Rules.Keys.ToDictionary(n => n, n => Tokens.ContainsKey(n) ? 0 : int.MaxValue / 2, StringComparer.Ordinal);
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (name, rule) in WrittenGrammar.Language.Rules.Where(r => !Tokens.ContainsKey(r.Key)))
            {
                var depth = 1 + LeastOf(rule, least);
                changed |= depth < least[name];
                least[name] = Math.Min(depth, least[name]);
            }
        }
        return least;
    }

    private static int LeastOf(Ebnf part) => LeastOf(part, Least);

    private static int LeastOf(Ebnf part, Dictionary<string, int> least) => part switch
    {
        Ebnf.Reference reference => least.GetValueOrDefault(reference.Name, int.MaxValue / 2),
        Ebnf.Sequence sequence => sequence.Parts.Max(p => LeastOf(p, least)),
        Ebnf.Choice choice => choice.Alternatives.Min(p => LeastOf(p, least)),
        Ebnf.Special => int.MaxValue / 2,
        _ => 0,
    };
}
