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
public sealed class StoryWriter(Terminal terminal, Func<DateTimeOffset, string> time, bool collapse = true)
{
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
            Line(entry.At, Label(entry), Shown(entry), Colour(entry));
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

    public void Line(DateTimeOffset at, string label, string text, string? colour = null)
    {
        var line = $"{time(at)}  {label,-8}  {text}";
        terminal.Out.WriteLine(terminal.Colour && colour is not null ? $"\e[{colour}m{line}\e[0m" : line);
        terminal.Out.Flush();
    }

    private bool IsRepetition(JournalEntry entry)
    {
        // Where steps lead a host, they have said so themselves.
        if (entry is { Kind: JournalKind.Host, By: null, Outcome: not "failed" }) return true;
        var key = (entry.Rule, entry.Subject);
        var refused = _refusedAt.TryGetValue(key, out var at) && entry.At - at < ToldAgainAfter;
        if (entry.Kind == JournalKind.Refusal && entry.Step is null)
        {
            if (!refused) _refusedAt[key] = entry.At;
            return refused;
        }

        return refused && entry.Kind is JournalKind.Rule or JournalKind.Decision;
    }

    private static string Shown(JournalEntry entry) => entry.Kind == JournalKind.Refusal && entry.Outcome is { } code ? $"{entry.Text} [{code}]" : entry.Text;

    private static string Label(JournalEntry entry) => entry.Kind switch
    {
        JournalKind.Rule => entry.Outcome ?? "rule",
        JournalKind.Decision => entry.By is null ? "decided" : "ordered",
        JournalKind.Refusal => "refused",
        JournalKind.Begun => "begun",
        JournalKind.Ended => entry.Outcome == "succeeded" ? "done" : entry.Outcome ?? "ended",
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
