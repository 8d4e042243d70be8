using CsCheck;
using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Simulation;

/// <summary>Whatever the form of a rule that evacuates, under loads that do not change it sends no VM to and fro.</summary>
public class NoReturnProperties
{
    private const int Sites = 60;

    private static readonly string[] Conditions =
    [
        "host.cpu > 60%", "not host.cpu <= 50%", "host.cpu >= 40% or host.memory > 50%", "host.memory.free < 24GiB", "not (host.memory.free >= 16GiB and host.cpu <= 70%)",
        "host.vms > 3", "host.load > 0.5", "host.power > 180W", "vm.cpu > 60%", "host.cpu > avg(cluster.cpu, 5m)", "host.cpu != 40%", "host.cpu < 30%", "host.cpu < 30% or host.cpu > 60%",
    ];

    private static readonly string[] Actions =
        ["evacuate heaviest fitting vm", "evacuate heaviest vm", "evacuate 2 lightest fitting vms by memory", "evacuate heaviest fitting vm to fullest host"];

    [Fact]
    public void No_vm_comes_back_to_a_host_within_the_rest_that_it_has_left() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, Conditions.Length - 1], Gen.Int[0, Actions.Length - 1]).Check(Sites, (seed, condition, action) =>
        {
            var text = $"policy a when {Conditions[condition]} for 3m then {Actions[action]}";
            var moves = MovesOf(text, seed);
            foreach (var vm in moves.GroupBy(m => m.Vm))
                foreach (var (left, i) in vm.Select((m, i) => (m, i)))
                    Assert.DoesNotContain(vm.Skip(i + 1), m => m.To == left.From && m.At < left.At + MoveRest.Time);
        });

    /// <summary>Marks of what moves change: each move brings the site nearer to where none is broken, and that is soon.</summary>
    [Theory]
    [InlineData("host.cpu > 60%")]
    [InlineData("not host.cpu <= 60%")]
    [InlineData("host.memory.free < 24GiB")]
    [InlineData("host.vms > 3")]
    [InlineData("host.load > 0.6 or host.memory > 60%")]
    public void Rules_that_moves_can_satisfy_come_to_rest(string condition)
    {
        var moves = Enumerable.Range(0, 6).SelectMany(seed => MovesOf($"policy a when {condition} for 3m then evacuate heaviest fitting vm", seed)).ToList();

        Assert.NotEmpty(moves);
        Assert.All(moves, m => Assert.True(m.At < Some.Monday.AddHours(2), $"{m}"));
    }

    /// <summary>A rest is twice as long each time: eight moves in a day, and not one every half hour.</summary>
    [Fact]
    public void A_rule_that_no_move_can_satisfy_wears_out() =>
        Gen.Int[0, int.MaxValue].Check(4, seed => Assert.All(
            MovesOf("policy a when vm.cpu > 80% for 3m then evacuate heaviest fitting vm", seed, TimeSpan.FromHours(24)).CountBy(m => m.Vm), vm => Assert.InRange(vm.Value, 1, 10)));

    private static readonly string[] Marks =
    [
        "host.cpu > 50%", "host.cpu > 70%", "host.cpu >= 40% and host.vms > 3", "host.memory > 50%", "host.memory > 70%", "host.memory.free < 24GiB", "host.vms > 4",
        "host.power > 180W", "host.load > 0.6", "host.net.in > 9MiB/s", "vm.cpu > 80% and host.cpu > 50%", "host.cpu > 60% or host.memory > 60%",
    ];

    private static readonly Gen<string> Sentences = Gen.Select(Gen.Int[0, Marks.Length - 1], Gen.Int[0, Actions.Length - 1], (mark, how) => $"when {Marks[mark]} for 3m then {Actions[how]}");

    /// <summary>What two rules have marks for they do not hand to one another: while the load stays as it is, a VM that left a host stays away, however long.</summary>
    [Fact]
    public void Of_two_rules_with_marks_of_their_own_none_sends_a_vm_back_to_where_it_was() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Sentences, Sentences).Check(Sites, (seed, first, second) =>
            {
                var moves = MovesOf($"policy a {first}\npolicy b {second}", seed);
                foreach (var vm in moves.GroupBy(m => m.Vm))
                {
                    var been = new HashSet<string>(StringComparer.Ordinal);
                    foreach (var move in vm)
                    {
                        been.Add(move.From);
                        Assert.False(been.Contains(move.To), $"{first}; {second}; seed {seed}: {move} after\n{string.Join('\n', moves.TakeWhile(m => m != move))}");
                    }
                }
            });

    private static List<(string Vm, string From, string To, DateTimeOffset At)> MovesOf(string policy, int seed, TimeSpan? duration = null)
    {
        var random = new Random(seed);
        Host[] hosts = [.. Enumerable.Range(1, 3 + random.Next(3)).Select(i => Some.Host($"h{i}"))];
        var loads = new Dictionary<string, double>();
        var vms = new List<Vm>();
        var net = new MetricReplay();
        for (var i = 0; i < hosts.Length * 4; i++)
        {
            vms.Add(Some.Vm($"v{i:00}", hosts[random.Next(hosts.Length)].Name, 2 + random.Next(12), 1 + random.Next(3)));
            loads[$"v{i:00}"] = random.Next(100);
            net.Add(vms[^1].Ref, PolicyAttribute.VmNetIn, Some.Monday, TimeSpan.FromMinutes(1), [random.Next(5) << 20], repeats: true);
        }

        var compiled = PolicyCompiler.Compile([new SourceText("a.ulm", policy)]);
        var result = new Simulator(new SimulationRequest(new Site(hosts, vms), new ConstantLoad(loads), compiled.Policies, Some.Monday, duration ?? TimeSpan.FromHours(4), new LoopOptions()) { Replay = net }).Run();
        var where = vms.ToDictionary(v => v.Name, v => v.Host);
        var moves = new List<(string, string, string, DateTimeOffset)>();
        foreach (var entry in result.Journal.Where(e => e.Kind == JournalKind.Begun && e.Text.StartsWith("migrate vm", StringComparison.Ordinal)))
        {
            var words = entry.Text.Split(' ', ':');
            var (vm, to) = (words[2], words[6]);
            moves.Add((vm, where[vm], to, entry.At));
            where[vm] = to;
        }

        return moves;
    }
}
