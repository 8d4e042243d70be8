using System.Collections.Immutable;
using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Tests.Rules;

/// <summary>
/// Whatever is inserted, updated, moved, retracted and fired in whatever order, with whatever happening and the clock going on: the network says
/// what an evaluation from scratch says.
/// </summary>
public class RuleNetworkProperties(ITestOutputHelper output)
{
    /// <summary>What to do next; the numbers pick hosts, VMs, rules and values out of what there is then.</summary>
    private sealed record Op(int Kind, int A, int B, int Value);

    private static readonly Gen<Op> Ops = Gen.Select(Gen.Int[0, 19], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 110], (kind, a, b, value) => new Op(kind, a, b, value));

    private static readonly Gen<Rule[]> RuleSets = Gen.Select(Gen.Int, Gen.Int[1, 5], (seed, count) => new RandomRules(new Random(seed)).Make(count).ToArray());

    [Fact]
    public void The_network_equals_an_evaluation_from_scratch()
    {
        var firings = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        Gen.Select(RuleSets, Ops.Array[1, 150]).Sample((rules, ops) => new Comparison(rules, firings).Run(ops), iter: 1500);

        // It must have come to what it is to judge.
        output.WriteLine(string.Join(", ", firings.OrderBy(f => f.Key).Select(f => $"{f.Key} {f.Value}")));
        Assert.All(["When Host", "When Vm", "When Cluster", "On Host", "On Vm", "Every"], what => Assert.True(firings.GetValueOrDefault(what) > 50, $"{what}: {firings.GetValueOrDefault(what)}"));
    }

    private sealed class Comparison(Rule[] rules, System.Collections.Concurrent.ConcurrentDictionary<string, int> firings)
    {
        private readonly PolicySet _policies = Some.Policies(rules);
        private readonly NaiveMemory _memory = new();
        private NaiveRules _naive = null!;
        private RuleNetwork _network = null!;

        public void Run(Op[] ops)
        {
            _naive = new NaiveRules(rules, _memory);
            _network = new RuleNetwork(_policies);
            foreach (var op in ops)
            {
                Do(op);
                _naive.DropGone();
                Compare();
            }
        }

        private void Do(Op op)
        {
            ImmutableHashSet<string> tags = op.B % 3 == 0 ? ["t"] : [];
            switch (op.Kind)
            {
                case 0 or 1:
                    // One that is there already goes to another cluster, or gets other tags.
                    var (name, cluster) = ($"h{op.A % 4}", $"c{op.B % 2}");
                    _memory.PutHost(name, cluster, tags);
                    _network.Insert(SubjectRef.Host(name), cluster, tags);
                    break;
                case 2 or 3 when Pick(_memory.Hosts, op.B) is { } host:
                    _memory.PutVm($"v{op.A % 6}", host, tags);
                    _network.Insert(SubjectRef.Vm($"v{op.A % 6}"), host, tags);
                    break;
                case >= 4 and <= 9 when Pick(_memory.Subjects, op.A) is { Name: not null } subject:
                    Update(subject, Pick(RandomRules.FactsOf(subject.Kind), op.B)!, op);
                    break;
                case 10 when Pick(_memory.Subjects.Where(CanGo), op.A) is { Name: not null } gone:
                    Happened(gone.Kind == SubjectKind.Host ? SubjectEvent.HostLeaves : SubjectEvent.VmStops, gone);
                    _memory.Retract(gone);
                    _network.Retract(gone);
                    break;
                case 11 when Pick(_memory.Subjects, op.A) is { Name: not null } ended:
                    foreach (var rule in rules.Where(r => r.Trigger is Trigger.When when && when.Subject == ended.Kind))
                    {
                        var from = _memory.Now.AddMinutes(op.Value % 3 == 0 ? 2 : 0);
                        var end = (FiringEnd)(op.B % 3);
                        _naive.Rearm(rule, ended, from, end);
                        _network.Rearm(rule.Name, ended, from, end);
                    }

                    break;
                case 12:
                    var next = new RuleNetwork(_policies);
                    _memory.FeedInto(next);
                    next.RestoreHolds(_network.SaveHolds(), TimeSpan.Zero);
                    _network = next;
                    break;
                case 13 when Pick(_memory.Subjects.Where(s => s.Kind != SubjectKind.Cluster), op.A) is { Name: not null } subject:
                    var events = subject.Kind == SubjectKind.Vm ? [SubjectEvent.VmStarts] : new[] { SubjectEvent.HostJoins, SubjectEvent.HostFails, SubjectEvent.HostReturns };
                    Happened(Pick(events, op.B), subject);
                    break;
                case 14 when Pick(rules.Where(r => r.Trigger is Trigger.Every), op.A) is { } scheduled:
                    _naive.Due(scheduled.Name, _memory.Now);
                    _network.Insert(new ScheduleEvent(scheduled.Name, _memory.Now));
                    Fire(op);
                    break;
                case >= 15:
                    _memory.Now += TimeSpan.FromSeconds(30 + op.A % 90);
                    Fire(op);
                    break;
            }
        }

        private void Update(SubjectRef subject, Fact fact, Op op)
        {
            var value = fact is Fact.Answer ? op.Value % 2 : op.Value;
            var reading = op.Value > 100 ? Reading.Unknown("silent") : fact is Fact.OverTime ? Reading.Known(value, _memory.Now, _memory.Now.AddMinutes(-op.A % 5)) : Reading.Known(value, _memory.Now);
            _memory.Update(subject, fact, reading);
            _network.Update(subject, fact, reading);
        }

        private void Happened(SubjectEvent happened, SubjectRef subject)
        {
            _naive.Happened(happened, subject);
            _network.Insert(new SiteEvent(happened, subject), _memory.Now);
        }

        private void Fire(Op op)
        {
            bool Busy(SubjectRef s) => (s.Name[^1] + op.B) % 5 == 0;
            var expected = _naive.Fire(Busy).Order().ToList();
            var fired = _network.Fire(_memory.Now, s => Busy(s) ? "busy" : null).Firings;
            Assert.Equal(expected, fired.Select(f => $"{f.Rule.Name} {f.Subject}{(f.HasTold ? ", has told" : "")}").Order());
            foreach (var firing in fired) firings.AddOrUpdate($"{firing.Rule.Trigger.GetType().Name} {firing.Subject?.Kind}".Trim(), 1, (_, n) => n + 1);
        }

        private void Compare()
        {
            foreach (var rule in rules.Where(r => r.Trigger is Trigger.When))
            {
                foreach (var subject in _memory.Subjects.Where(s => s.Kind == ((Trigger.When)rule.Trigger).Subject))
                {
                    var explained = _network.Explain(rule.Name, subject)!;
                    Assert.Equal(_naive.StateOf(rule, subject), explained.State);
                    // Time windows are as of the last firing.
                    if (explained.At == _memory.Now)
                        Assert.Equal(_naive.VerdictOf(rule, subject), explained.Verdict switch { Truth.True => true, Truth.False => false, _ => null });
                }
            }
        }

        private bool CanGo(SubjectRef subject) => subject.Kind == SubjectKind.Vm || (subject.Kind == SubjectKind.Host && !_memory.HasVms(subject.Name));

        private static T? Pick<T>(IEnumerable<T> from, int number)
        {
            var all = from.ToList();
            return all.Count == 0 ? default : all[number % all.Count];
        }
    }
}
