using Ulm.Engine;
using Ulm.Server.Api;
using Ulm.Server.Feed;

namespace Ulm.Server.Commands;

/// <summary>Prints why a rule does what it does.</summary>
internal static class RuleExplanationText
{
    public static void Print(RuleExplanationDocument document, Terminal terminal)
    {
        terminal.Out.WriteLine($"{terminal.Bold(document.Rule)}  ({document.Location}){(document.Because is { } because ? $", because {because}" : "")}");
        foreach (var subject in document.Subjects) Print(subject, document.At, terminal);
        PrintLately(document, terminal);
        if (document.More > 0) terminal.Out.WriteLine($"\nand {Words.Count(document.More, "more subject")}; --subject shows one of them");
    }

    private static void PrintLately(RuleExplanationDocument document, Terminal terminal)
    {
        if (document.Lately.IsEmpty) return;
        terminal.Out.WriteLine("\nLately, by the journal");
        var story = new StoryWriter(terminal, at => $"  {Show.Time(at.ToOffset(document.At.Offset))}", collapse: false, decisions: true);
        foreach (var entry in document.Lately) story.Write(entry);
    }

    private static void Print(SubjectExplanation subject, DateTimeOffset at, Terminal terminal)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"{subject.Subject ?? "the site"}: {State(subject, at)}");
        Parts("  ", subject.Parts, terminal);
        if (subject.Until.Length > 0)
        {
            terminal.Out.WriteLine("  fires again only after");
            Parts("    ", subject.Until, terminal);
        }

        foreach (var guard in subject.Guards) terminal.Out.WriteLine($"  {(guard.Open ? "open" : "HELD BACK")}: {guard.Text}");
        foreach (var needed in subject.Needed) terminal.Out.WriteLine($"  needed: {needed}");
    }

    private static string State(SubjectExplanation subject, DateTimeOffset at)
    {
        var since = subject.Since is { } began && subject.State != "inactive" ? $" for {Show.Duration(at - began)}" : "";
        var due = subject.DueAt is not { } when ? ""
            : when <= at ? ", due now"
            : subject.Subject is null ? $", next in {Show.Duration(when - at)}, at {Show.Time(when)}{(subject.ReadyAt is { } ready ? $" so as to be ready at {ready.ToOffset(when.Offset):HH:mm:ss}" : "")}"
            : $", fires in {Show.Duration(when - at)} if it goes on";
        var cooling = subject.CoolUntil is { } until && until > at ? $", cools down for another {Show.Duration(until - at)}" : "";
        var counts = subject.CountsFrom is { } from ? $", counts what was measured since {from.ToOffset(at.Offset):HH:mm:ss}" : "";
        return $"{subject.State}{since}{due}{cooling}{counts}";
    }

    private static void Parts(string indent, IEnumerable<ExplainedPart> parts, Terminal terminal)
    {
        foreach (var part in parts)
        {
            var age = part.AgeSeconds is { } seconds ? $", measured {Show.Duration(TimeSpan.FromSeconds(seconds))} ago" : "";
            terminal.Out.WriteLine($"{indent}{new string(' ', part.Depth * 2)}{Mark(part.Verdict)} {part.Text}{age}");
        }
    }

    private static string Mark(string verdict) => verdict switch
    {
        "true" => "yes    ",
        "false" => "no     ",
        _ => "unknown",
    };
}
