using Ulm.Dsl.Policies;

namespace Ulm.Dsl;

/// <summary>What the compiler is given besides the texts.</summary>
public sealed record CompilerOptions
{
    public static readonly CompilerOptions Default = new();

    /// <summary>How often the site is measured, as far as it is known where the texts are compiled: what `for` is held against.</summary>
    public TimeSpan PollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a schedule has a time that is still to come. By itself the compiler knows neither the date nor Quartz, and only finds days that exclude one another.</summary>
    public Func<Trigger, bool> Comes { get; init; } = ScheduleDays.ComeAtAll;

    /// <summary>
    /// Finds the days of <c>calendar NAME = file "PATH"</c>: the path as written, and the name of the source that holds the sentence. The
    /// compiler reads no files; without this, every such sentence is a fault.
    /// </summary>
    public Func<string, string, CalendarLookup> Calendars { get; init; } =
        static (_, _) => new CalendarLookup.Unavailable("calendar files are not read here");
}

/// <summary>What became of a calendar file.</summary>
public abstract record CalendarLookup
{
    private CalendarLookup() { }

    /// <param name="Days">Its name does not matter: the sentence gives it one.</param>
    /// <param name="Version">Another text whenever the days are others, for example a hash of the file: rules that use the calendar change with it.</param>
    public sealed record Found(DayCalendar Days, string Version) : CalendarLookup;

    /// <param name="Because">Lower case, without full stop, as it stands in a message: <c>the file does not exist</c>.</param>
    public sealed record Unavailable(string Because) : CalendarLookup;
}
