using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Tests.Facts;

/// <summary>A site of two clusters with what was measured of it just now.</summary>
internal sealed class FactScene
{
    private readonly MetricWindows _metrics = new();

    public List<Host> Hosts { get; } = [];

    public List<Vm> Vms { get; } = [];

    public Dictionary<string, DateTimeOffset> EmptySince { get; } = [];

    public List<InFlightMove> Moves { get; } = [];

    public Dictionary<string, HostLife> Lives { get; } = [];

    public static DateTimeOffset Now => Some.Monday.AddHours(1);

    public FactScene Host(string name, HostState state = HostState.On, string cluster = "a", int gib = 64, int cpus = 8, params string[] tags)
    {
        Hosts.Add(Some.Host(name, state, gib, cpus) with { Cluster = cluster, Tags = [.. tags] });
        return this;
    }

    public FactScene Vm(string name, string host, params string[] tags)
    {
        Vms.Add(Some.Vm(name, host, tags: tags));
        return this;
    }

    public FactScene Measure(PolicyAttribute attribute, string subject, double value, double minutesAgo = 0)
    {
        _metrics.Add(new Measurement(new SubjectRef(attribute.Subject, subject), attribute, Now.AddMinutes(-minutesAgo), value));
        return this;
    }

    public FactScene EmptyFor(string host, double minutes)
    {
        EmptySince[host] = Now.AddMinutes(-minutes);
        return this;
    }

    /// <summary>Seen by a server, which looks once a minute, for the first time so long ago without an answer.</summary>
    public FactScene SilentFor(string host, double minutes)
    {
        Lives[host] = new HostLife(host, HostPhase.Silent, Now.AddMinutes(-minutes), "it does not answer");
        return this;
    }

    public FactScene Moving(string vm, string from, string to)
    {
        Moves.Add(new InFlightMove(vm, from, to));
        return this;
    }

    public SiteFacts Facts => new(
        Now, new Site(Hosts, Vms), _metrics, new Freshness(TimeSpan.FromMinutes(1)), ImmutableDictionary<SubjectRef, string>.Empty)
    {
        EmptySince = EmptySince.ToImmutableDictionary(),
        Moves = [.. Moves],
        Lives = Lives.ToImmutableDictionary(),
    };

    /// <summary>The value, or <c>unknown: cause</c>.</summary>
    public string Read(PolicyAttribute attribute, string subject) => Text(Facts.Read(new SubjectRef(attribute.Subject, subject), attribute), attribute.Unit);

    /// <summary><c>yes</c>, <c>no</c>, or <c>unknown: cause</c>.</summary>
    public string Ask(SubjectRef subject, SubjectTest test) =>
        Facts.Read(subject, new Fact.Answer(subject.Kind, test)) is { IsKnown: true } known ? known.Value == 1 ? "yes" : "no" : "unknown";

    private static string Text(Reading reading, Unit unit) => reading.IsKnown ? Show.Value(reading.Value, unit) : $"unknown: {reading.UnknownBecause}";
}
