using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Schedules;
using Ulm.Server.Commands;
using Ulm.Server.Schedules;

namespace Ulm.Server.Api;

/// <summary>Why a rule does what it does, or does not, now: <c>explain --rule</c>.</summary>
/// <param name="Location">Where the rule stands: file, line and column.</param>
/// <param name="Subjects">Those that come nearest to firing first. Of a scheduled rule one entry without a subject.</param>
/// <param name="More">Subjects that are not shown.</param>
public sealed record RuleExplanationDocument(string Schema, string Rule, string Location, string? Because, DateTimeOffset At, ImmutableArray<SubjectExplanation> Subjects, int More)
{
    public const string SchemaName = "ulm.explanation.rule/1";

    public const int MostLately = 10;

    /// <summary>What the journal tells of the rule, and the subject where one is asked for: the newest entries, oldest of them first.</summary>
    public ImmutableArray<JournalEntry> Lately { get; init; } = [];

    /// <summary>Reads the rules' state as it stands; nothing is fired or moved on.</summary>
    /// <param name="subject"><c>host/h3</c>, or the bare name; null: all subjects of the rule.</param>
    /// <param name="most">How many subjects to give.</param>
    /// <exception cref="CommandFailedException">There is no such rule, or it is not about such a subject.</exception>
    public static RuleExplanationDocument Of(Look look, SiteFacts facts, TimeZoneInfo zone, string rule, string? subject, int most)
    {
        var found = look.Policies.Rules.FirstOrDefault(r => r.Name == rule) ?? throw NoRule(rule, look.Policies);
        if (found.Trigger.About is not { } kind)
        {
            if (subject is not null) throw new CommandFailedException($"--subject: {rule} is a scheduled rule, which is about the site as a whole; leave it out");
            return Document(found, facts, [Explain(look, found, null, facts, zone)], 0);
        }

        if (subject is not null) return Document(found, facts, [Explain(look, found, Subject(subject, kind, facts.Site), facts, zone)], 0);
        var all = facts.Site.Subjects(kind).Select(s => Explain(look, found, s, facts, zone)).OrderBy(Distance).ThenBy(s => s.Subject, StringComparer.Ordinal).ToList();
        return Document(found, facts, [.. all.Take(most)], Math.Max(0, all.Count - most));
    }

    private static RuleExplanationDocument Document(Rule rule, SiteFacts facts, ImmutableArray<SubjectExplanation> subjects, int more) =>
        new(SchemaName, rule.Name, rule.Location.ToString(), rule.Because, facts.At, subjects, more);

    private static SubjectExplanation Explain(Look look, Rule rule, SubjectRef? subject, SiteFacts facts, TimeZoneInfo zone)
    {
        var explanation = look.Rules.Explain(rule.Name, subject) ?? throw new CommandFailedException($"--subject: {rule.Name} is not about {subject}");
        var lead = HaveOnLeads.OfRunning(facts).Of(rule);
        var next = ScheduleCalculator.Next(rule.Trigger, facts.At, zone, lead);
        return SubjectExplanation.Of(explanation, facts.At, next) with { ReadyAt = rule.Trigger is Trigger.HaveOn && next is { } start ? start + lead : null };
    }

    // What fires or would fire comes first, what is false last.
    private static int Distance(SubjectExplanation subject) => (subject.State, subject.Verdict) switch
    {
        (not "inactive", _) => 0,
        (_, "true") => 1,
        (_, "unknown") => 2,
        _ => 3,
    };

    private static SubjectRef Subject(string given, SubjectKind kind, Site site)
    {
        var known = site.Subjects(kind).ToList();
        if (known.Where(s => s.ToString() == given || s.Name == given).Take(1).ToList() is [var found]) return found;
        var kindName = kind.ToString().ToLowerInvariant();
        var name = given.StartsWith(kindName + "/", StringComparison.Ordinal) ? given[(kindName.Length + 1)..] : given;
        var help = NearestWord.Find(name, known.Select(s => s.Name)) is { } nearest ? $"did you mean {kindName}/{nearest}?" : $"this rule is about {kindName}s";
        throw new CommandFailedException($"--subject: there is no {kindName} `{name}`; {help}");
    }

    private static CommandFailedException NoRule(string name, PolicySet policies)
    {
        var nearest = NearestWord.Find(name, policies.Rules.Select(r => r.Name));
        return new CommandFailedException($"--rule: there is no rule `{name}`; {(nearest is not null ? $"did you mean {nearest}?" : $"rules are {Words.List([.. policies.Rules.Select(r => r.Name).Take(10)], "and")}")}");
    }
}
