using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Server.Commands;
using Ulm.Server.Policies.Calendars;

namespace Ulm.Server.Policies;

/// <summary>All that a folder of policies holds at one moment, read once.</summary>
/// <param name="Unreadable">Why there are no texts; null: there are.</param>
/// <param name="Fingerprint">Another text for other contents.</param>
internal sealed record FolderState(ImmutableArray<SourceText> Texts, CalendarFiles Calendars, string? Unreadable, string Fingerprint)
{
    public static readonly FolderState None = new([], new CalendarFiles(), null, "");

    /// <param name="last">Calendars that its policies asked for are read too, wherever they are.</param>
    public static FolderState Read(string folder, FolderState last)
    {
        try
        {
            var calendars = CalendarFiles.Of(last.Calendars.Asked);
            var texts = PolicyFiles.ReadTexts([folder]);
            return new FolderState(texts, calendars, null, FingerprintOf(texts, calendars));
        }
        catch (CommandFailedException e)
        {
            return new FolderState([], last.Calendars, e.Message, e.Message);
        }
    }

    /// <summary>True while a process has one of the files open for writing, as far as the file system tells.</summary>
    public bool IsBeingWritten => Texts.Select(t => t.Name).Concat(Calendars.Asked).Any(OpenFiles.IsOpenForWriting);

    /// <summary>True if a file has lost all of its text since then.</summary>
    public bool HasEmptied(FolderState since)
    {
        var full = since.Texts.Where(t => !string.IsNullOrWhiteSpace(t.Text)).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        return Texts.Any(t => string.IsNullOrWhiteSpace(t.Text) && full.Contains(t.Name));
    }

    public static string FingerprintOf(ImmutableArray<SourceText> texts, CalendarFiles calendars) =>
        $"{string.Join('\0', texts.Select(s => $"{s.Name}\0{s.Text}"))}\0{calendars.Fingerprint}";
}
