using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>The one time zone of a site.</summary>
internal static class TimeZoneBinder
{
    public static TimeZoneInfo? Bind(IEnumerable<ParsedFile> files, DiagnosticBag bag)
    {
        TimeZoneInfo? zone = null;
        Place? first = null;
        foreach (var file in files)
        {
            foreach (var (sentence, syntax) in file.All<TimeZoneSyntax>())
            {
                if (first is { } earlier)
                    bag.Add(ScheduleDiagnostics.SecondTimeZone(sentence.Place, earlier));
                first ??= sentence.Place;
                var found = Find(syntax.Zone.Value);
                if (found is null)
                    bag.Add(ScheduleDiagnostics.UnknownTimeZone(sentence.At(syntax.Zone.Span), bag.HasRoomFor(file.File) ? Nearest(syntax.Zone.Value) : null));
                zone ??= found;
            }
        }
        return zone;
    }

    // The look-up goes to the file system by this name, so only what can be the name of a zone is let through; and a name such as
    // "localtime" would mean something else on each machine.
    private static TimeZoneInfo? Find(string name) =>
        (name == "UTC" || name.Contains('/'))
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && name.Split('/').All(part => part.Length > 0)
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    private static string? Nearest(string name)
    {
        var ids = TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/') || id == "UTC").ToList();
        // "Copenhagen" alone: the area is what was left out.
        return ids.FirstOrDefault(id => id.EndsWith("/" + name.Replace(' ', '_'), StringComparison.OrdinalIgnoreCase)) ?? NearestWord.Find(name, ids);
    }
}
