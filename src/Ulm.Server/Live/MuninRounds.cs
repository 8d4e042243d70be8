using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Loop;

namespace Ulm.Server.Live;

/// <summary>
/// Asks all munin-nodes, each over two connections: over one for what placement rests on, over the other for whatever else policies read. Some plugins
/// take ten seconds and more (one that asks every sensor over IPMI, say), and must not keep anybody from knowing how loaded the host is.
/// </summary>
internal sealed class MuninRounds(IReadOnlyDictionary<string, ManagedHost> hosts, TimeProvider time, TimeSpan patience)
{
    /// <summary>After this many rounds without an answer the values read so far are stale.</summary>
    private const int RoundsUntilTold = 3;

    private readonly PatientPolls<MuninAnswer> _basic = new(time, patience, answer => answer.Silence is null);

    // Their values have their own time: one that comes between two rounds is as good as any.
    private readonly PatientPolls<MuninAnswer> _others = new(time, patience, answer => answer.Silence is null, keepsLate: true);

    private readonly Dictionary<string, (int Rounds, ImmutableArray<ObservedFault> Faults)> _sinceOthers = new(StringComparer.Ordinal);

    /// <param name="ask">Hosts that are up.</param>
    public async Task<MuninRound> AskAsync(IReadOnlyList<string> ask, IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
    {
        var basicReads = reads.Where(HostFigures.IsBasic).ToImmutableHashSet();
        var otherReads = reads.Where(a => !HostFigures.IsBasic(a) && HostFigures.IsMunins(a)).ToImmutableHashSet();
        var basic = _basic.RoundAsync(ask, name => hosts[name].Munin.PollAsync(basicReads, ct), ct);
        var others = _others.RoundAsync(otherReads.IsEmpty ? [] : ask, name => hosts[name].OtherMunin.PollAsync(otherReads, ct), ct);
        return new MuninRound(await basic, await others) { BasicReads = basicReads, OtherReads = otherReads };
    }

    /// <param name="host">On, and asked in the round before this one too.</param>
    public IEnumerable<ObservedFault> FaultsOf(string host, MuninRound round)
    {
        if (round.Basic.GetValueOrDefault(host) is not { } basic)
            yield return new($"{host} munin", $"munin-node at {hosts[host].Munin.Address} does not answer; nothing is decided on {host} until it does");
        else if (basic.Silence is { } silent) yield return new($"{host} munin", $"{silent.Message}; nothing is decided on {host} until it answers");
        else foreach (var fault in Of(host, basic, round.BasicReads)) yield return fault;
        if (round.OtherReads.IsEmpty)
        {
            _sinceOthers.Remove(host);
            yield break;
        }

        foreach (var fault in FaultsOfOthers(host, round)) yield return fault;
    }

    /// <summary>What was wrong at the last answer is still wrong as long as there is no other.</summary>
    private IEnumerable<ObservedFault> FaultsOfOthers(string host, MuninRound round)
    {
        var since = _sinceOthers.GetValueOrDefault(host, (Rounds: 0, Faults: []));
        since = round.Others.GetValueOrDefault(host) is { Silence: null } answer ? (0, [.. Of(host, answer, round.OtherReads)]) : (since.Rounds + 1, since.Faults);
        _sinceOthers[host] = since;
        foreach (var fault in since.Faults) yield return fault;
        // Where the node as a whole is silent, that has been said.
        if (since.Rounds < RoundsUntilTold || round.Basic.GetValueOrDefault(host) is not { Silence: null }) yield break;
        var why = round.Others.GetValueOrDefault(host)?.Silence?.Message ?? $"no answer within {RoundsUntilTold} polls";
        yield return new($"{host} munin plugins", $"{why}; {string.Join(", ", round.OtherReads.Select(a => a.Name).Order(StringComparer.Ordinal))} are unknown on {host} until they answer");
    }

    private static IEnumerable<ObservedFault> Of(string host, MuninAnswer answer, IEnumerable<PolicyAttribute> reads) =>
        answer.Poll.Faults.Select(f => new ObservedFault($"{host} munin {f.Key}", f.Value.Message))
            .Concat(HostFigures.Lacking(reads, answer).Select(l => new ObservedFault($"{host} {l.Attributes}", l.Because)));
}

/// <summary>What the munin-nodes said in one round, by host.</summary>
internal sealed record MuninRound(IReadOnlyDictionary<string, MuninAnswer> Basic, IReadOnlyDictionary<string, MuninAnswer> Others)
{
    public required ImmutableHashSet<PolicyAttribute> BasicReads { get; init; }

    public required ImmutableHashSet<PolicyAttribute> OtherReads { get; init; }

    /// <summary>The answer that an attribute is to be found in; null: there is none in this round.</summary>
    public MuninAnswer? AnswerFor(PolicyAttribute attribute, string host) => (HostFigures.IsBasic(attribute) ? Basic : Others).GetValueOrDefault(host) is { Silence: null } answer ? answer : null;
}
