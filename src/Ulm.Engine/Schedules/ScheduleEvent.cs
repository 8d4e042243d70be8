namespace Ulm.Engine.Schedules;

/// <summary>A scheduled rule has come due.</summary>
/// <param name="Due">The time the schedule names, not when it was noticed.</param>
public readonly record struct ScheduleEvent(string Rule, DateTimeOffset Due);
