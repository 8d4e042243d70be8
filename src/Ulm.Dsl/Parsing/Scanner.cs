using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// Cuts a text into words, numbers, quoted texts and signs. Comments and blanks go; a character that means nothing is reported
/// and stepped over, so that the sentence around it is still read.
/// </summary>
internal sealed class Scanner(SourceFile file, DiagnosticBag bag)
{
    // With the blanks and comments around it; it only spares the list growing.
    private const int UsualTokenLength = 6;

    // Nearly all words of a policy: a string of its own for each of them would be most of what scanning costs.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Common =
        Vocabulary.Keywords.Concat(Vocabulary.Attributes).Concat(Vocabulary.Signs).ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly string _text = file.Text;
    private readonly ImmutableArray<SyntaxToken>.Builder _tokens = ImmutableArray.CreateBuilder<SyntaxToken>(file.Text.Length / UsualTokenLength);
    private int _at;

    /// <summary>Where something was reported, in the order of the text.</summary>
    public List<int> Faults { get; } = [];

    public ImmutableArray<SyntaxToken> Scan()
    {
        // A byte order mark is how some editors begin a file, not something the author wrote.
        if (_text.StartsWith('\uFEFF'))
            _at = 1;
        while (_at < _text.Length)
            ScanOne();
        return _tokens.ToImmutable();
    }

    private void ScanOne()
    {
        var c = _text[_at];
        if (c is ' ' or '\t' or '\r' or '\n')
            _at++;
        else if (c == '#')
            _at = EndOfLine(_at);
        else if (c == '/' && Peek(1) == '/')
            ScanForeignComment();
        else if (c == '"')
            ScanText();
        else if (InvalidCharacter.ClosingQuotes(c) is { Length: > 0 } closing && EndOfForeignText(closing) is { } end)
            ScanForeignText(end);
        else if (char.IsAsciiDigit(c) || (c is '-' or '+' && char.IsAsciiDigit(Peek(1))))
            Add(TokenKind.Number, NumberScanner.End(_text, _at, isName: _tokens is [.., { Text: Vocabulary.Host or Vocabulary.Vm }] and not [.., { Text: Vocabulary.Cooldown }, _]));
        else if (_tokens is [.., { Text: Vocabulary.TimeZone }] && EndOfBareZone() is { } zoneEnd)
            ScanBareZone(zoneEnd);
        else if (IsWordStart(c))
            Add(TokenKind.Word, EndOfWord(_at));
        else if (InvalidCharacter.IsForeignSign(_text, _at))
            ScanForeignSign();
        else if (SignLength() is > 0 and var length)
            Add(TokenKind.Sign, _at + length);
        else
            ScanInvalid();
    }

    private void Add(TokenKind kind, int end)
    {
        var span = TextSpan.FromBounds(_at, end);
        var text = Common.TryGetValue(_text.AsSpan(_at, end - _at), out var common) ? common : file[span];
        _tokens.Add(new SyntaxToken(kind, text, text, span));
        _at = end;
    }

    // A word may hold `.` and `-` but not end in them: "host.cpu." is a word and a stray full stop.
    private int EndOfWord(int start)
    {
        var end = start + 1;
        while (end < _text.Length && IsWordPart(_text[end]))
            end++;
        while (_text[end - 1] is '.' or '-' && end - 1 > start)
            end--;
        return end;
    }

    private int SignLength()
    {
        var length = 0;
        foreach (var sign in Vocabulary.Signs)
        {
            if (sign.Length > length && string.CompareOrdinal(_text, _at, sign, 0, sign.Length) == 0)
                length = sign.Length;
        }
        return length;
    }

    private void ScanText()
    {
        var start = _at;
        var value = new StringBuilder();
        var i = start + 1;
        while (InLine(i) && _text[i] != '"')
        {
            if (_text[i] == '\\' && InLine(i + 1))
            {
                if (_text[i + 1] is not ('"' or '\\'))
                    Report(SyntaxDiagnostics.UnknownEscape(file.At(new TextSpan(i, 2))));
                i++;
            }
            value.Append(_text[i++]);
        }
        var closed = InLine(i);
        _at = closed ? i + 1 : i;
        var span = TextSpan.FromBounds(start, _at);
        if (!closed)
            Report(SyntaxDiagnostics.UnclosedString(file.At(span)));
        _tokens.Add(new SyntaxToken(TokenKind.Text, file[span], value.ToString(), span));
    }

    // `“so”`, `'so'`: a quoted text in the quotation marks of another keyboard.
    private int? EndOfForeignText(string closing)
    {
        for (var i = _at + 1; InLine(i); i++)
        {
            if (closing.Contains(_text[i], StringComparison.Ordinal))
                return i + 1;
        }
        return null;
    }

    private void ScanForeignText(int end)
    {
        var span = TextSpan.FromBounds(_at, end);
        var value = file[span][1..^1];
        var meant = $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        Report(SyntaxDiagnostics.ForeignQuotes(file.At(span), meant));
        _tokens.Add(new SyntaxToken(TokenKind.Text, meant, value, span));
        _at = end;
    }

    // `timezone Europe/Copenhagen`: a name with a sign in it that no bare name has.
    private int? EndOfBareZone()
    {
        var end = _at;
        while (end < _text.Length && (IsWordPart(_text[end]) || _text[end] is '/' or '+'))
            end++;
        return _text.AsSpan(_at, end - _at).Contains('/') ? end : null;
    }

    private void ScanBareZone(int end)
    {
        var span = TextSpan.FromBounds(_at, end);
        Report(SyntaxDiagnostics.BareZone(file.At(span)));
        _tokens.Add(new SyntaxToken(TokenKind.Text, $"\"{file[span]}\"", file[span], span));
        _at = end;
    }

    private void ScanForeignComment()
    {
        Report(SyntaxDiagnostics.InvalidCharacter(file.At(new TextSpan(_at, 2)), "`//`", "comments begin with `#`", "#"));
        _at = EndOfLine(_at);
    }

    private void ScanForeignSign()
    {
        var span = new TextSpan(_at, 2);
        var meant = InvalidCharacter.Meant(file[span])!;
        Report(SyntaxDiagnostics.InvalidCharacter(file.At(span), Quote.Code(file[span]), $"write `{meant}`", meant));
        _tokens.Add(new SyntaxToken(TokenKind.Sign, meant, meant, span));
        _at += 2;
    }

    // A run of the same sort is one fault: a file in the wrong encoding should not give a fault for each letter.
    private void ScanInvalid()
    {
        var start = _at;
        var first = _text[_at];
        do
            _at++;
        while (_at < _text.Length && IsInvalid(_text[_at]) && InvalidCharacter.SameSort(first, _text[_at]));
        var span = TextSpan.FromBounds(start, _at);
        var (name, help) = InvalidCharacter.Describe(file[span]);
        var between = file[span] is "-" or "–" && _tokens is [.., { Kind: TokenKind.Number }];
        if (between)
            help = $"write `{Vocabulary.To}` between two days, and a time window without blanks, as in `07:00-20:00`";
        var meant = between ? Vocabulary.To : InvalidCharacter.Meant(file[span]);
        Report(SyntaxDiagnostics.InvalidCharacter(file.At(span), name, help, meant));
        if (meant is { Length: > 0 })
            _tokens.Add(new SyntaxToken(char.IsLetter(meant[0]) ? TokenKind.Word : TokenKind.Sign, meant, meant, span));
    }

    private void Report(Diagnostic fault)
    {
        Faults.Add(fault.Span.Start);
        bag.Add(fault);
    }

    private bool IsInvalid(char c) =>
        c is not (' ' or '\t' or '\r' or '\n' or '#' or '"') && !IsWordPart(c) && !Vocabulary.Signs.Any(s => s[0] == c);

    private bool InLine(int i) => i < _text.Length && _text[i] is not ('\r' or '\n');

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private int EndOfLine(int from)
    {
        var end = _text.AsSpan(from).IndexOfAny('\r', '\n');
        return end < 0 ? _text.Length : from + end;
    }

    private static bool IsWordStart(char c) => char.IsLetter(c) || c == '_';

    internal static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.';
}
