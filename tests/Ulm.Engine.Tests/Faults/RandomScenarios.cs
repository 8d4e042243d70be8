using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Faults;

/// <summary>A scenario for each seed: 3 to 50 hosts, hours to days, and troubles of all kinds, with an hour without any at the end.</summary>
internal sealed class RandomScenarios
{
    /// <summary>All that is over by then.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(75);

    /// <summary>Those that came later are drawn apart, so that a seed goes on to mean what it meant.</summary>
    private static readonly TroubleKind[] Later = [TroubleKind.HostRestarts, TroubleKind.HostIsCutOff, TroubleKind.GuestStartsAtPowerOff, TroubleKind.ClockIsSet, TroubleKind.SomebodyOrders];

    /// <summary>Seconds: a step that a time server takes, and one that a person does.</summary>
    private static readonly int[] ClockErrors = [-5400, -900, -70, -3, 3, 70, 900, 5400];

    private static readonly TroubleKind[] Kinds = [.. Enum.GetValues<TroubleKind>().Except(Later)];

    private readonly int _seed;
    private readonly Random _random;

    private RandomScenarios(int seed) => (_seed, _random) = (seed, new Random(seed));

    public static Scenario Make(int seed)
    {
        var scenario = AsBefore(seed);
        return scenario with { Troubles = [.. scenario.Troubles.Concat(MoreTroubles(scenario)).OrderBy(t => t.At)] };
    }

    /// <summary>Without the troubles that came later.</summary>
    public static Scenario AsBefore(int seed) => new RandomScenarios(seed).Make();

    private static IEnumerable<Trouble> MoreTroubles(Scenario scenario)
    {
        var random = new Random(scenario.Seed ^ 0x5eed);
        var latest = (scenario.Duration - Calm).TotalMinutes;
        foreach (var kind in Later.Where(_ => random.Next(4) == 0))
        {
            for (var left = 1 + random.Next(3); left > 0; left--)
            {
                var at = random.NextDouble() * latest;
                var lasts = kind == TroubleKind.HostRestarts ? TimeSpan.Zero : TimeSpan.FromMinutes(Math.Round(1 + random.NextDouble() * Math.Min(40, latest - at), 2));
                var trouble = new Trouble(kind, TimeSpan.FromMinutes(Math.Round(at, 2)), lasts, scenario.Hosts[random.Next(scenario.Hosts.Length)].Name);
                yield return kind switch
                {
                    TroubleKind.ClockIsSet => trouble with { Host = null, Number = ClockErrors[random.Next(ClockErrors.Length)] },
                    TroubleKind.SomebodyOrders => trouble with { Vm = scenario.Vms.IsEmpty ? null : scenario.Vms[random.Next(scenario.Vms.Length)].Name, Number = random.Next(SomebodysOrders.Kinds) },
                    _ => trouble,
                };
            }
        }
    }

    private Scenario Make()
    {
        // Large sites are few and short: what goes wrong is nearly always seen on small ones.
        var count = _random.Next(20) == 0 ? 20 + _random.Next(31) : _random.Next(4) == 0 ? 8 + _random.Next(8) : 3 + _random.Next(5);
        var hours = count >= 20 ? 3 : _random.Next(10) == 0 ? 48 : 4 + _random.Next(8);
        var poll = TimeSpan.FromMinutes(hours > 24 ? 5 : 1 + _random.Next(2));
        var hosts = Hosts(count);
        var vms = Vms(hosts);
        return new Scenario(_seed, hosts, vms, [.. RandomPolicies.Make(_random, count)], Troubles(hosts, vms, TimeSpan.FromHours(hours)), TimeSpan.FromHours(hours), new LoopOptions
        {
            PollingInterval = poll,
            Executor = new ExecutorOptions
            {
                LookAgain = poll,
                Manners = MigrationManners.Default.Within(TimeSpan.FromMinutes(3)),
                MigrationsPerHost = _random.Next(2) == 0 ? 1 + _random.Next(3) : null,
                MigrationsPerCluster = _seed % 3 == 0 ? 1 + _seed % 4 : null,
                MigrationsInTotal = _random.Next(2) == 0 ? 1 + _random.Next(6) : null,
            },
        });
    }

    private ImmutableArray<Host> Hosts(int count) => [.. Enumerable.Range(1, count).Select(i => Some.Host($"h{i:00}", _random.Next(6) == 0 ? HostState.Off : HostState.On, 32, 4 + 4 * _random.Next(2)) with
    {
        Tags = _random.Next(2) == 0 ? ["licensed"] : [],
        Cluster = i > 3 && _random.Next(5) == 0 ? "other" : Host.DefaultCluster,
        BootTime = TimeSpan.FromSeconds(60 + _random.Next(120)),
    })];

    private ImmutableArray<Vm> Vms(ImmutableArray<Host> hosts)
    {
        var on = hosts.Where(h => h.State == HostState.On).ToList();
        var vms = new List<Vm>();
        var free = on.ToDictionary(h => h.Name, _ => 30L);
        for (var i = 0; i < 3 * on.Count; i++)
        {
            var (host, gib) = (on[_random.Next(on.Count)].Name, 1 + _random.Next(8));
            if ((free[host] -= gib) > 0) vms.Add(Some.Vm($"v{vms.Count:000}", host, gib, 1 + _random.Next(4), Tags()));
        }

        return [.. vms];
    }

    private string[] Tags() => _random.Next(12) switch { 0 => ["pinned"], 1 => ["db"], 2 => ["app"], 3 => ["oracle"], 4 => ["db", "oracle"], _ => [] };

    private ImmutableArray<Trouble> Troubles(ImmutableArray<Host> hosts, ImmutableArray<Vm> vms, TimeSpan duration)
    {
        // A third of the kinds at a time: all at once nothing would ever be done.
        var kinds = Kinds.Where(_ => _random.Next(3) == 0).ToList();
        if (kinds.Count == 0) kinds.Add(Kinds[_random.Next(Kinds.Length)]);
        var latest = (duration - Calm).TotalMinutes;
        return [.. Enumerable.Range(0, 2 + _random.Next(4 + (int)duration.TotalHours)).Select(_ => One(kinds[_random.Next(kinds.Count)])).OrderBy(t => t.At)];

        Trouble One(TroubleKind kind)
        {
            var at = _random.NextDouble() * latest;
            var most = Math.Min(40, latest - at);
            var trouble = new Trouble(kind, TimeSpan.FromMinutes(Math.Round(at, 2)), TimeSpan.FromMinutes(Math.Round(1 + _random.NextDouble() * most, 2)), hosts[_random.Next(hosts.Length)].Name);
            return kind switch
            {
                TroubleKind.GuestStarts => trouble with { For = TimeSpan.Zero, Vm = $"new{_random.Next(1000)}" },
                TroubleKind.GuestStops or TroubleKind.GuestIsMoved => trouble with { For = TimeSpan.Zero, Vm = vms.IsEmpty ? null : vms[_random.Next(vms.Length)].Name },
                TroubleKind.StoreIsFull or TroubleKind.StoreIsSlow or TroubleKind.PollsAreSlow => trouble with { Host = null },
                TroubleKind.ServerIsKilled => trouble with { Host = null, Number = 1 + _random.Next(30), For = TimeSpan.FromMinutes(_random.Next(3) switch { 0 => 0.1, 1 => 2, _ => 15 }) },
                TroubleKind.ServerIsStopped => trouble with { Host = null, For = TimeSpan.FromMinutes(_random.Next(10)) },
                TroubleKind.BmcRefuses or TroubleKind.BmcIsLate or TroubleKind.BmcLies or TroubleKind.NeverBoots or TroubleKind.IgnoresShutdown or TroubleKind.MigrationsFail or TroubleKind.MigrationsStall or TroubleKind.MigrationsLie or TroubleKind.MigrationsIgnoreAborts or TroubleKind.MigrationsThrowThoughTheyMoved when _random.Next(3) > 0 => trouble with { Host = null },
                _ => trouble,
            };
        }
    }
}
