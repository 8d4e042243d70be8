using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Tests.Rules;

/// <summary>Whatever is inserted, updated, moved, retracted and fired in whatever order: the network says what an evaluation from scratch says.</summary>
public class RuleNetworkProperties
{
    private static readonly PolicyAttribute[] HostAttributes = [PolicyAttribute.HostCpu, PolicyAttribute.HostMemory];
    private static readonly PolicyAttribute[] VmAttributes = [PolicyAttribute.VmCpu, PolicyAttribute.VmMemory];

    /// <summary>What to do next; the numbers pick hosts, VMs, rules and values out of what there is then.</summary>
    private sealed record Op(int Kind, int A, int B, int Value);

    private static readonly Gen<Op> Ops = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 110], (kind, a, b, value) => new Op(kind, a, b, value));

    private static readonly Gen<Rule[]> RuleSets =
        Gen.Select(Gen.Bool, Gen.Int, Gen.Int[0, 3], Gen.Int[-1, 4], Gen.Bool, (vm, seed, held, cooldown, until) =>
        {
            var random = new Random(seed);
            var condition = Conditions(random, vm, 2);
            return (Vm: vm, condition, held, cooldown, Until: until ? Conditions(random, vm, 1) : null);
        }).Array[1, 5].Select(sets => sets.Select((s, i) => new Rule(
            $"r{i}", $"r{i}", new SourceLocation("some.ulm", i + 1, 1),
            new Trigger.When(s.condition, s.Vm ? SubjectKind.Vm : SubjectKind.Host, TimeSpan.FromMinutes(s.held)), [],
            s.Until, s.cooldown < 0 ? null : TimeSpan.FromMinutes(s.cooldown))).ToArray());

    [Fact]
    public void The_network_equals_an_evaluation_from_scratch() =>
        Gen.Select(RuleSets, Ops.Array[1, 150]).Sample((rules, ops) => Run(rules, ops), iter: 500);

    private static void Run(Rule[] rules, Op[] ops)
    {
        var policies = Some.Policies(rules);
        var network = new RuleNetwork(policies);
        var naive = new NaiveRules(rules);
        var now = Some.Monday;
        foreach (var op in ops)
        {
            switch (op.Kind)
            {
                case 0:
                    naive.InsertHost($"h{op.A % 4}");
                    network.Insert(SubjectRef.Host($"h{op.A % 4}"), null);
                    break;
                case 1 or 2 when Pick(naive.Hosts, op.B) is { } host:
                    // A VM that is there already moves.
                    naive.PutVm($"v{op.A % 6}", host);
                    network.Insert(SubjectRef.Vm($"v{op.A % 6}"), host);
                    break;
                case >= 3 and <= 8 when Pick(naive.Subjects, op.A) is { Name: not null } subject:
                    var attribute = Pick(subject.Kind == SubjectKind.Host ? HostAttributes : VmAttributes, op.B)!;
                    var reading = op.Value > 100 ? Reading.Unknown("silent") : Reading.Known(op.Value, now);
                    naive.Update(subject, attribute, reading);
                    network.Update(subject, attribute, reading);
                    break;
                case 9 when Pick(naive.Subjects.Where(s => s.Kind == SubjectKind.Vm || !naive.HasVms(s.Name)), op.A) is { Name: not null } gone:
                    naive.Retract(gone);
                    network.Retract(gone);
                    break;
                case 10 when Pick(naive.Subjects, op.A) is { Name: not null } ended:
                    foreach (var rule in rules.Where(r => ((Trigger.When)r.Trigger).Subject == ended.Kind))
                    {
                        naive.Rearm(rule, ended, now);
                        network.Rearm(rule.Name, ended, now);
                    }

                    break;
                case 11:
                    var next = new RuleNetwork(policies);
                    naive.FeedInto(next);
                    next.RestoreHolds(network.SaveHolds(), TimeSpan.Zero);
                    network = next;
                    break;
                case >= 12:
                    now += TimeSpan.FromSeconds(30 + op.A % 90);
                    bool Busy(SubjectRef s) => (s.Name[^1] + op.B) % 5 == 0;
                    var expected = naive.Fire(now, Busy).Select(f => $"{f.Rule} {f.Subject}").Order().ToList();
                    Assert.Equal(expected, network.Fire(now, Busy).Firings.Select(f => $"{f.Rule.Name} {f.Subject}").Order());
                    break;
            }

            foreach (var rule in rules)
            {
                foreach (var subject in naive.Subjects.Where(s => s.Kind == ((Trigger.When)rule.Trigger).Subject))
                    Assert.Equal(naive.StateOf(rule, subject), network.Explain(rule.Name, subject)!.State);
            }
        }
    }

    private static T? Pick<T>(IEnumerable<T> from, int number)
    {
        var all = from.ToList();
        return all.Count == 0 ? default : all[number % all.Count];
    }

    private static Condition Conditions(Random random, bool vm, int depth)
    {
        switch (depth == 0 ? 3 : random.Next(5))
        {
            case 0:
                return new Condition.Not(Conditions(random, vm, depth - 1));
            case 1:
                return new Condition.And([Conditions(random, vm, depth - 1), Conditions(random, vm, depth - 1)]);
            case 2:
                return new Condition.Or([Conditions(random, vm, depth - 1), Conditions(random, vm, depth - 1)]);
            default:
                var attributes = vm ? [.. HostAttributes, .. VmAttributes] : HostAttributes;
                var attribute = attributes[random.Next(attributes.Length)];
                var op = random.Next(2) == 0 ? ComparisonOperator.Greater : ComparisonOperator.LessOrEqual;
                return new Condition.Comparison(new Quantity.Read(attribute), op, new Quantity.Constant(20 + random.Next(60), attribute.Unit, "m"), $"{attribute} ? m");
        }
    }
}
