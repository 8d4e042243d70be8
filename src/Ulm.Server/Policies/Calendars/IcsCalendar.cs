using Ulm.Dsl.Policies;

namespace Ulm.Server.Policies.Calendars;

/// <summary><c>calendar closures = file "closures.ics"</c>. Equal where name and contents are.</summary>
internal sealed record IcsCalendar(string Name, IcsDays Days) : DayCalendar(Name)
{
    public override bool Contains(DateOnly day) => Days.Contains(day);

    public bool Equals(IcsCalendar? other) => other is not null && Name == other.Name && Days.Version == other.Days.Version;

    public override int GetHashCode() => HashCode.Combine(Name, Days.Version);
}
