using Ulm.Dsl;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Loop;

/// <summary>A look that is kept in the journal is taken again, from what the store holds and nothing else: the same comes of it.</summary>
public class ReplayTests
{
    [Theory]
    [InlineData("policy relieve when host.cpu > 60% for 3m then evacuate heaviest fitting vm at most 3 moves per 1h cooldown 5m")]
    [InlineData("policy relieve when avg(host.cpu, 5m) > 50% then evacuate 2 lightest vms\nlimit migrations to 4 per 30m")]
    [InlineData("policy even every 5m balance by memory to within 5%\nkeep apart vms tagged \"db\"")]
    [InlineData("policy night at 12:10 consolidate and power off idle hosts\npolicy wake at 12:40 power on hosts until cluster.hosts.on >= 4\nalways keep 1 host on")]
    [InlineData("policy tell on vm starts notify \"{vm.name} came\"\npolicy gone on vm stops notify \"{vm.name} went\"\npolicy lost on host fails notify \"{host.name}\"")]
    [InlineData("policy down at 12:10 shut down host h1 for 20m\nreserve 20% memory\npolicy ask when host.cpu > 60% for 2m then balance mode recommend\npolicy see when host.cpu > 60% then drain host mode observe")]
    public async Task The_same_decisions_steps_and_refusals_come_of_it(string policies)
    {
        var compiled = PolicyCompiler.Compile([new SourceText("p.ulm", policies)]);
        Assert.DoesNotContain(compiled.Diagnostics, d => d.Severity == Dsl.Diagnostics.DiagnosticSeverity.Error);
        var run = new Run(
            [.. Enumerable.Range(1, 5).Select(i => Some.Host($"h{i}"))],
            [.. Enumerable.Range(0, 14).Select(i => Some.Vm($"v{i}", $"h{1 + i * i % 3}", 2 + i % 5, 1 + i % 4, i % 5 == 0 ? ["db"] : []))],
            (vm, at) => 35 + 30 * Math.Sin(at.Minute / 7.0 + vm.Length * 3 + vm[^1]));
        run.Options = run.Options with { KeepTicks = true };
        var looks = new Dictionary<DateTimeOffset, LookResult>();

        run.For(30, compiled.Policies, script: [(0, loop => loop.Looked += (facts, result) => looks[facts.At] = result), (12, _ => run.World.Put(Some.Vm("new", "h2")))]);
        run.For(45, compiled.Policies, script: [(0, loop => loop.Looked += (facts, result) => looks[facts.At] = result), (8, _ => run.World.Silent.Add("h4"))]);

        var begun = await run.Store.BegunSinceAsync(DateTimeOffset.MinValue, default);
        var replayed = 0;
        foreach (var (at, look) in looks)
        {
            if (await run.Store.LoadTickAsync(at, default) is not var (tick, texts)) continue;
            replayed++;
            var again = Replay.Of(tick, PolicyCompiler.Compile(texts).Policies, begun);
            Assert.Equal(Told(look), Told(again));
        }

        Assert.True(replayed > 0, "nothing was decided");
        Assert.Equal(looks.Values.Count(l => l.Decisions.Length + l.Plan.Upkeep.Length > 0), replayed);
    }

    private static IEnumerable<string> Told(LookResult look) =>
    [
        .. look.Decisions.Select(d => $"{d.Id} {d.Rule.Name} {d.Subject} {d.Mode}: {d.Reason}"),
        .. look.Plan.Upkeep.Select(d => $"{d.Id} {d.Rule.Name}: {d.Reason}"),
        .. look.Outvoted.Select(o => $"{o.Rule.Name} {o.Subject}: {o.Because}"),
        .. look.Transitions.Select(t => $"{t.Rule.Name} {t.Subject} {t.From} {t.To}: {t.Because}"),
        .. look.Plan.Steps.Concat(look.Recommended.Steps).Select(s => $"{s.Id} {s.Decision}: {s.Action} after {string.Join(',', s.After)}"),
        .. look.Plan.Refused.Concat(look.Recommended.Refused).Select(r => $"{r.CodeText} {r.Rule} {r.Subject}: {string.Join("; ", r.Why)}"),
    ];
}
