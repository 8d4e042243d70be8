using System.Collections.Immutable;
using System.Text;

namespace Ulm.Dsl.Policies;

/// <summary>
/// The text of a <c>notify</c>: in <c>"{host.name} is at {host.cpu}"</c>, what stands in braces is filled in when the rule fires.
/// <c>{{</c> and <c>}}</c> stand for the braces themselves.
/// </summary>
public static class NotifyText
{
    /// <summary>The pieces of a text in order; a brace that is not closed gives an <see cref="NotifyPiece.Unclosed"/> at its end.</summary>
    public static ImmutableArray<NotifyPiece> Parse(string text)
    {
        var pieces = ImmutableArray.CreateBuilder<NotifyPiece>();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
                literal.Append(text[i++]);
            else if (text[i] != '{')
                literal.Append(text[i]);
            else
            {
                EndLiteral();
                var end = text.IndexOf('}', i);
                if (end < 0)
                {
                    pieces.Add(new NotifyPiece.Unclosed(i));
                    break;
                }
                pieces.Add(new NotifyPiece.Placeholder(text[(i + 1)..end].Trim(), i, end + 1 - i));
                i = end;
            }
        }
        EndLiteral();
        return pieces.ToImmutable();

        void EndLiteral()
        {
            if (literal.Length > 0)
                pieces.Add(new NotifyPiece.Literal(literal.ToString()));
            literal.Clear();
        }
    }

    /// <summary>What a placeholder's name stands for; null where it stands for nothing that there is.</summary>
    public static NotifyValue? Find(string name)
    {
        if (OfTheRule.FirstOrDefault(v => v.Name == name).Value is { } ofTheRule)
            return ofTheRule;
        foreach (var subject in Enum.GetValues<SubjectKind>())
        {
            if (name == NameOf(subject))
                return new NotifyValue.OfSubject(subject, null);
        }
        return PolicyAttribute.Find(name) is { } attribute ? new NotifyValue.OfSubject(attribute.Subject, attribute) : null;
    }

    /// <summary>All names that can stand in braces but those of munin fields.</summary>
    public static IEnumerable<string> Names =>
        Enum.GetValues<SubjectKind>().Select(NameOf).Concat(PolicyAttribute.All.Select(a => a.Name)).Concat(OfTheRule.Select(v => v.Name));

    private static readonly ImmutableArray<(string Name, NotifyValue Value)> OfTheRule =
        [("rule", new NotifyValue.Rule()), ("reason", new NotifyValue.Reason()), ("because", new NotifyValue.Because())];

    /// <summary>The text with its placeholders filled in.</summary>
    /// <param name="value">The words for one of them; null where it is not known, which puts <c>unknown</c> in its place. What is no placeholder stays as written.</param>
    public static string Fill(string text, Func<NotifyValue, string?> value) => string.Concat(Parse(text).Select(piece => piece switch
    {
        NotifyPiece.Literal literal => literal.Text,
        NotifyPiece.Placeholder placeholder => Find(placeholder.Name) is { } wanted ? value(wanted) ?? "unknown" : text.Substring(placeholder.Start, placeholder.Length),
        NotifyPiece.Unclosed unclosed => text[unclosed.Start..],
        _ => throw new InvalidOperationException($"No words for {piece.GetType().Name}."),
    }));

    private static string NameOf(SubjectKind subject) => subject switch
    {
        SubjectKind.Host => "host.name",
        SubjectKind.Vm => "vm.name",
        SubjectKind.Cluster => "cluster.name",
        _ => throw new ArgumentOutOfRangeException(nameof(subject)),
    };
}

public abstract record NotifyPiece
{
    private NotifyPiece() { }

    public sealed record Literal(string Text) : NotifyPiece;

    /// <param name="Name">What stands between the braces, without blanks round it.</param>
    /// <param name="Start">Of the opening brace in the text.</param>
    /// <param name="Length">Braces included.</param>
    public sealed record Placeholder(string Name, int Start, int Length) : NotifyPiece;

    /// <summary>A brace that is opened and never closed.</summary>
    public sealed record Unclosed(int Start) : NotifyPiece;
}

/// <summary>What is to be filled in.</summary>
public abstract record NotifyValue
{
    private NotifyValue() { }

    /// <summary>Of what the rule fired for, of its host or its cluster.</summary>
    /// <param name="Attribute">Null: its name.</param>
    public sealed record OfSubject(SubjectKind Subject, PolicyAttribute? Attribute) : NotifyValue;

    /// <summary><c>{rule}</c>: the rule's name.</summary>
    public sealed record Rule : NotifyValue;

    /// <summary><c>{reason}</c>: why it fired, with the values seen.</summary>
    public sealed record Reason : NotifyValue;

    /// <summary><c>{because}</c>: the rule's own <c>because</c>.</summary>
    public sealed record Because : NotifyValue;
}
