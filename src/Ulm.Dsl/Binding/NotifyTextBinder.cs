using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>Checks that each placeholder of a text is something the rule can fill in.</summary>
internal sealed class NotifyTextBinder(ParsedSentence sentence, DiagnosticBag bag)
{
    public void Check(NameSyntax text, TriggerSyntax triggerSyntax, Trigger? trigger)
    {
        if (string.IsNullOrWhiteSpace(text.Value) || text.Value.Length > CompilerLimits.NotifyTextLength)
            bag.Add(ActionDiagnostics.UnusableText(sentence.At(text.Span)));
        foreach (var piece in NotifyText.Parse(text.Value))
        {
            if (piece is NotifyPiece.Unclosed unclosed)
                bag.Add(ActionDiagnostics.UnclosedPlaceholder(At(text, unclosed.Start, 1)));
            else if (piece is NotifyPiece.Placeholder placeholder)
                Check(placeholder, At(text, placeholder.Start, placeholder.Length), triggerSyntax, trigger);
        }
    }

    private void Check(NotifyPiece.Placeholder placeholder, Place place, TriggerSyntax triggerSyntax, Trigger? trigger)
    {
        if (NotifyText.Find(placeholder.Name) is not { } value)
            bag.Add(ActionDiagnostics.UnknownPlaceholder(place, placeholder.Name, Nearest(placeholder.Name)));
        else if (trigger is not null && value is NotifyValue.OfSubject { Subject: var subject } && !IsKnown(subject, trigger))
            bag.Add(ActionDiagnostics.PlaceholderOfOtherSubject(place, subject, sentence.At(triggerSyntax.Span), Describe(trigger)));
    }

    private string? Nearest(string name) => !bag.HasRoomFor(sentence.File) ? null
        : NearestWord.Find(name, NotifyText.Names) ?? NotifyText.Names.FirstOrDefault(n => n.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));

    // A VM has a host, a host has a cluster; none of them has one that is finer.
    private static bool IsKnown(SubjectKind wanted, Trigger trigger) => trigger switch
    {
        Trigger.When { Subject: var subject } => wanted == subject || wanted == SubjectKind.Cluster || (wanted, subject) == (SubjectKind.Host, SubjectKind.Vm),
        Trigger.On { Subject: var subject } => wanted == subject || wanted == SubjectKind.Cluster || (wanted, subject) == (SubjectKind.Host, SubjectKind.Vm),
        _ => false,
    };

    private static string Describe(Trigger trigger) => trigger switch
    {
        Trigger.When { Subject: SubjectKind.Host } or Trigger.On { Subject: SubjectKind.Host } => "this rule fires for a host",
        Trigger.When { Subject: SubjectKind.Vm } or Trigger.On { Subject: SubjectKind.Vm } => "this rule fires for a VM",
        Trigger.When => "this rule fires for a cluster",
        _ => "this rule fires by the clock, for nothing in particular",
    };

    // The text has a quote before it, and a backslash before each quote and backslash in it.
    private Place At(NameSyntax text, int start, int length)
    {
        var written = sentence[text.Span];
        var (at, value) = (1, 0);
        while (value < start)
            Step();
        var first = at;
        while (value < start + length)
            Step();
        return sentence.At(TextSpan.FromBounds(text.Span.Start + first, text.Span.Start + Math.Min(at, written.Length)));

        void Step()
        {
            at += at + 1 < written.Length && written[at] == '\\' ? 2 : 1;
            value++;
        }
    }
}
