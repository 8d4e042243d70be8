using System.Collections.Immutable;
using System.Text.Json;
using Ulm.Dsl;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Server.Commands;
using Ulm.Server.Store;

namespace Ulm.Server.Explanations;

/// <summary>A look taken again from what its journal keeps of it, and whether the same comes of it.</summary>
/// <param name="Same">What the journal says was decided, planned and refused is what comes of it now.</param>
/// <param name="Missing">What the journal has, and the look taken again does not come to.</param>
/// <param name="New">What comes of it only now.</param>
public sealed record DecisionReplay(bool Same, ImmutableArray<string> Missing, ImmutableArray<string> New)
{
    /// <exception cref="CommandFailedException">The look is not kept, or not in a form that this version reads.</exception>
    internal static async Task<DecisionReplay> OfAsync(DecisionExplanation decided, SqliteStateStore store, CancellationToken ct)
    {
        try
        {
            if (await store.LoadTickAsync(decided.At, ct) is not var (tick, texts))
                throw new CommandFailedException($"the look that decision {decided.Decision} was made at is not kept: looks are kept for 30 days, and none is for orders by hand, approvals and wake drills");
            var policies = PolicyCompiler.Compile(texts).Policies;
            var look = Replay.Of(tick, policies, await store.BegunSinceAsync(decided.At - ActionHistory.Kept, ct));
            return Between(Told(decided), Told(decided.Decision, look));
        }
        catch (Exception e) when (e is StoreUnavailableException or JsonException)
        {
            throw new CommandFailedException($"the look that decision {decided.Decision} was made at can't be read: {e.Message}");
        }
    }

    private static DecisionReplay Between(List<string> then, List<string> now)
    {
        var (missing, added) = (then.Except(now, StringComparer.Ordinal).ToImmutableArray(), now.Except(then, StringComparer.Ordinal).ToImmutableArray());
        return new DecisionReplay(missing.IsEmpty && added.IsEmpty, missing, added);
    }

    private static List<string> Told(DecisionExplanation decided) =>
    [
        decided.Text,
        .. decided.Steps.Select(s => Step(s.Id, s.After, s.Text)),
        .. decided.Refused.Select(r => Refused(r.Code, r.Subject, r.Why)),
    ];

    private static List<string> Told(string decision, LookResult look)
    {
        Plan[] plans = [look.Plan, look.Recommended];
        return
        [
            .. look.Decisions.Concat<Decision>(look.Plan.Upkeep).Where(d => d.Id == decision).Select(d => JournalWriter.Of(d).Text),
            .. plans.SelectMany(p => p.Steps).Where(s => s.Decision == decision).Select(s => Step(s.Id, s.After, s.Action.ToString()!)),
            .. plans.SelectMany(p => p.Refused).Where(r => r.Decision == decision).Select(r => Refused(r.CodeText, r.Subject, r.Why)),
        ];
    }

    private static string Step(int id, ImmutableArray<int> after, string text) => $"step {id}: {text}{(after.IsEmpty ? "" : $", after {string.Join(", ", after)}")}";

    private static string Refused(string code, string subject, IEnumerable<string> why) => $"{code} {subject}: {string.Join("; ", why)}";
}
