using System.Globalization;
using Ulm.Engine;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Dsl.Policies;
using Ulm.Server.Commands;

namespace Ulm.Server.Feed;

/// <summary>
/// Tells on the screen what the journal is told, a line an entry. With <c>collapse</c>, a rule that is refused again and again for the same subject is told once
/// an hour, not at every try: the journal has them all.
/// </summary>
/// <param name="time">An instant as it stands at the beginning of a line.</param>
/// <param name="decisions">Each entry ends with the decision it belongs to, which <c>explain</c> can be asked for.</param>
public sealed class StoryWriter(Terminal terminal, Func<DateTimeOffset, string> time, bool collapse = true, bool decisions = false)
{
    /// <summary>Beyond it a refusal's reasons stand below it.</summary>
    private const int LongestLine = 200;

    private static readonly TimeSpan ToldAgainAfter = TimeSpan.FromHours(1);

    private readonly Dictionary<(string?, string?), DateTimeOffset> _refusedAt = [];
    private readonly Lock _lock = new();

    /// <param name="zone">Asked at each line: a reload may change it.</param>
    /// <param name="timeFormat">Without the zone, which is the same in all lines.</param>
    public static StoryWriter InZone(Terminal terminal, Func<TimeZoneInfo> zone, string timeFormat) =>
        new(terminal, at => TimeZoneInfo.ConvertTime(at, zone()).ToString(timeFormat, CultureInfo.InvariantCulture));

    /// <summary>Says of which zone the times of the lines are.</summary>
    public void TellZone(TimeZoneInfo zone, DateTimeOffset now)
    {
        var at = Show.Time(now, zone);
        lock (_lock) terminal.Out.WriteLine($"Times are of {zone.Id}{(at.EndsWith("UTC", StringComparison.Ordinal) ? "" : $", {at[^6..]} now")}.");
    }

    public void Write(JournalEntry entry)
    {
        lock (_lock)
        {
            if (collapse && IsRepetition(entry)) return;
            Line(entry.At, Label(entry), Shown(entry), Colour(entry), More(entry), decisions && entry.Decision is { } id ? $"[{id}]" : null);
        }
    }

    /// <summary>The hosts as munin and libvirt just measured them, in one line.</summary>
    public void WriteFigures(SiteFacts facts)
    {
        var hosts = facts.Site.Hosts.Select(h => h.State is HostState.On or HostState.Draining
            ? $"{h.Name} {(facts.Read(h.Ref, PolicyAttribute.HostCpu) is { IsKnown: true } cpu ? Show.Percent(Math.Round(cpu.Value)) : "?")} ({facts.Site.VmsOn(h.Name).Length} VM{(h.State == HostState.Draining ? ", closed" : "")})"
            : $"{h.Name} {SiteFacts.Describe(h.State)}");
        lock (_lock) Line(facts.At, "cpu", string.Join("  ", hosts), "2");
    }

    /// <param name="more">Lines that belong to it, below.</param>
    /// <param name="tail">What stands back, at the end of the line.</param>
    public void Line(DateTimeOffset at, string label, string text, string? colour = null, IEnumerable<string>? more = null, string? tail = null)
    {
        try
        {
            terminal.Out.WriteLine($"{Coloured($"{time(at)}  {label,-9} {text}", colour)}{(tail is null ? "" : $"  {terminal.Dim(tail)}")}");
            foreach (var line in more ?? []) terminal.Out.WriteLine(Coloured($"    {line}", colour));
            terminal.Out.Flush();
        }
        catch (IOException)
        {
            // Where it goes to is full, or gone. The journal has it, and whoever writes that goes on.
        }
    }

    private string Coloured(string line, string? colour) => terminal.Colour && colour is not null ? $"\e[{colour}m{line}\e[0m" : line;

    private bool IsRepetition(JournalEntry entry)
    {
        // Where steps lead a host, they have said so themselves.
        if (entry is { Kind: JournalKind.Host, By: null, Outcome: not "failed" }) return true;
        var key = (entry.Rule, entry.Subject);
        var refused = _refusedAt.TryGetValue(key, out var at) && entry.At - at < ToldAgainAfter;
        if (entry.Kind == JournalKind.Refusal && entry.Step is null)
        {
            if (!refused)
            {
                foreach (var old in _refusedAt.Where(r => entry.At - r.Value >= ToldAgainAfter).Select(r => r.Key).ToList()) _refusedAt.Remove(old);
                _refusedAt[key] = entry.At;
            }

            return refused;
        }

        return refused && entry.Kind is JournalKind.Rule or JournalKind.Decision;
    }

    private static string Shown(JournalEntry entry)
    {
        var text = Folded(entry) is { } head ? head : entry.Text;
        return entry.Kind == JournalKind.Refusal && entry.Outcome is { } code ? $"{text} [{code}]" : text;
    }

    /// <summary>Of a refusal with more reasons than fit a line: what comes before them. Null: it fits.</summary>
    private static string? Folded(JournalEntry entry)
    {
        var reasons = string.Join("; ", entry.Why);
        return entry.Kind == JournalKind.Refusal && entry.Text.Length > LongestLine && reasons.Length > 0 && entry.Text.EndsWith($": {reasons}", StringComparison.Ordinal) ? entry.Text[..^(reasons.Length + 2)] : null;
    }

    /// <summary>The reasons, one a line; of one that names many hosts a host a line.</summary>
    private static IEnumerable<string> More(JournalEntry entry) => Folded(entry) is null ? []
        : entry.Why.SelectMany(w => w.Length <= LongestLine ? [w] : w.Split("; ").Select((part, i) => i == 0 ? part : $"    {part}"));

    private static string Label(JournalEntry entry) => entry.Kind switch
    {
        JournalKind.Rule => entry.Outcome ?? "rule",
        JournalKind.Decision => entry.By is null ? "decided" : "ordered",
        JournalKind.Refusal => "refused",
        JournalKind.Begun => "begun",
        JournalKind.Ended => entry.WasCalledOff ? "not done" : entry.Outcome == "succeeded" ? "done" : entry.Outcome ?? "ended",
        JournalKind.Fault => "fault",
        JournalKind.Policies => "policies",
        JournalKind.Host => "host",
        _ => "server",
    };

    private static string? Colour(JournalEntry entry) => entry.Kind switch
    {
        JournalKind.Ended => entry.Outcome == "succeeded" ? "32" : "31",
        JournalKind.Fault => "31",
        JournalKind.Host => entry.Outcome == "failed" ? "31" : null,
        JournalKind.Refusal => "33",
        JournalKind.Decision => "1",
        JournalKind.Rule => "36",
        _ => null,
    };
}
