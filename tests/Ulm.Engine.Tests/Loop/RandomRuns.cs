using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Loop;

/// <summary>A site, its policies, its loads and its misfortunes, all made of one seed.</summary>
internal sealed class RandomRuns
{
    private const int Minutes = 150;

    private readonly Random _random;
    private readonly int _seed;

    private RandomRuns(int seed) => (_seed, _random) = (seed, new Random(seed));

    public static (Run Run, List<string> Broken) Make(int seed) => new RandomRuns(seed).Make();

    private (Run, List<string>) Make()
    {
        var policies = Policies();
        var run = Site();
        var broken = new List<string>();
        Misfortunes(run);
        // Some are killed where they stand and started again, on what the store kept and on a world that went on.
        var killedAfter = Rarely(2) ? 20 + _random.Next(100) + _random.NextDouble() : 0;
        if (killedAfter > 0) Watched(killedAfter, kill: true);
        Watched(Minutes - killedAfter, kill: false);
        broken.AddRange(Budgets.Overspent(run, policies));
        return (run, broken);

        void Watched(double minutes, bool kill)
        {
            var watch = new SafetyWatch(run, policies);
            run.For(minutes, policies, kill);
            watch.Over();
            broken.AddRange(watch.Broken);
        }
    }

    private Run Site()
    {
        var hosts = Enumerable.Range(1, 2 + _random.Next(6)).Select(i => Some.Host($"h{i}", Rarely(6) ? HostState.Off : HostState.On, 32, 4 + 4 * _random.Next(2)) with
        {
            Tags = Rarely(2) ? ["licensed"] : [],
            Cluster = Rarely(5) ? "other" : Host.DefaultCluster,
            BootTime = TimeSpan.FromSeconds(60 + _random.Next(120)),
        }).ToList();
        var on = hosts.Where(h => h.State == HostState.On).ToList();
        var vms = new List<Vm>();
        for (var i = 0; i < 4 * on.Count; i++)
        {
            var vm = Some.Vm($"v{i:00}", on[_random.Next(on.Count)].Name, 1 + _random.Next(8), 1 + _random.Next(4), Tags());
            if (vms.Where(v => v.Host == vm.Host).Sum(v => v.MemoryBytes) + vm.MemoryBytes < 30 * Some.GiB) vms.Add(vm);
        }

        return new Run(hosts, vms, Load)
        {
            Options = new()
            {
                PollingInterval = TimeSpan.FromMinutes(1),
                Executor = new() { LookAgain = TimeSpan.FromMinutes(1), Manners = MigrationManners.Default.Within(TimeSpan.FromMinutes(3)), MigrationsPerHost = 1 + _random.Next(2), MigrationsInTotal = 1 + _random.Next(4) },
            },
        };
    }

    private string[] Tags() => _random.Next(12) switch { 0 => ["pinned"], 1 => ["db"], 2 => ["app"], 3 => ["oracle"], 4 => ["db", "oracle"], _ => [] };

    /// <summary>Each VM changes its mind every twenty minutes; now and then nobody can measure it.</summary>
    private double? Load(string vm, DateTimeOffset at)
    {
        var random = new Random(HashCode(vm, (int)(at.UtcTicks / TimeSpan.FromMinutes(20).Ticks)));
        return random.Next(25) == 0 ? null : Math.Pow(random.NextDouble(), 3) * 100;
    }

    private PolicySet Policies()
    {
        var rules = new List<Rule>
        {
            Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 60 + _random.Next(25)), TimeSpan.FromMinutes(_random.Next(6)), new PolicyAction.Evacuate(Rarely(2), Resource.Cpu))
                with { Cooldown = Rarely(2) ? TimeSpan.FromMinutes(_random.Next(10)) : null },
            Some.Every("tidy", TimeSpan.FromMinutes(7 + _random.Next(30)), new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(_random.Next(2))),
            Some.When("wake", Some.Above(PolicyAttribute.HostCpu, 80), TimeSpan.FromMinutes(2), new PolicyAction.PowerOn(1)) with { Cooldown = TimeSpan.FromMinutes(20) },
            Some.Every("even", TimeSpan.FromMinutes(11 + _random.Next(30)), new PolicyAction.Balance(Rarely(2) ? Resource.Memory : Resource.Cpu, 10)),
        };
        PolicyAction[] late =
        [
            new PolicyAction.Drain("h1"), new PolicyAction.EnterMaintenance("h2"), new PolicyAction.ShutDown("h2", TimeSpan.FromMinutes(40)),
            new PolicyAction.LeaveMaintenance("h1"), new PolicyAction.MigrateVm("v00", "h1"), new PolicyAction.PowerOnUntil(Some.Above(PolicyAttribute.ClusterHostsOn, 2)),
        ];
        if (Rarely(4)) rules.Add(Some.Every("sleep", TimeSpan.FromMinutes(13), new PolicyAction.Consolidate(), new PolicyAction.SuspendIdle(0)));
        foreach (var action in late.Where(_ => Rarely(4)))
            rules.Add(Some.At($"late-{action.GetType().Name}", new TimeOnly(12, 10).AddMinutes(_random.Next(90)), DaysOfWeek.Daily, action));
        rules.RemoveAll(_ => Rarely(5));
        rules.AddRange(RulesOfOtherForms().Where((_, number) => HashCode("form", number) % 3 == 0));
        return Some.Policies([.. rules]) with
        {
            Constraints = [Some.NeverMigrate(new Selector.Tagged("pinned")), Some.AlwaysKeepOn(_random.Next(3)), .. Some.AnyConstraints(_random)],
        };
    }

    /// <summary>Over clusters, over time, on events, guarded, only watching. Dice of their own, so that they change nothing else.</summary>
    private IEnumerable<Rule> RulesOfOtherForms()
    {
        var random = new Random(_seed + 1_000_000);
        var mean = new Condition.Comparison(
            new Quantity.OverTime(TimeFunction.Avg, PolicyAttribute.HostCpu, TimeSpan.FromMinutes(2 + random.Next(10)), Unit.Percent, "avg( host.cpu )"), ComparisonOperator.Greater, new Quantity.Constant(50 + random.Next(30), Unit.Percent, "mark"), "mean");
        var anyHot = new Condition.Quantified(Quantifier.Any, SubjectKind.Host, Some.Above(PolicyAttribute.HostCpu, 85), "any host ( host.cpu > 85% )");
        yield return Some.When("relieve-mean", mean, TimeSpan.FromMinutes(random.Next(3)), new PolicyAction.Evacuate(true, Resource.Cpu)) with
        {
            Priority = random.Next(3),
            Guards = new RuleGuards { Unless = random.Next(2) == 0 ? Some.Tagged("db") : null, During = random.Next(2) == 0 ? [Some.Window("12:20-13:00"), Some.Window("13:30-15:00")] : [] },
        };
        yield return Some.WhenVm("calm", Some.Above(PolicyAttribute.VmCpu, 60), TimeSpan.FromMinutes(1), new PolicyAction.Evacuate(true, Resource.Cpu)) with
        {
            Cooldown = TimeSpan.FromMinutes(15), CooldownPer = SubjectKind.Cluster, Until = Some.Below(PolicyAttribute.VmCpu, 30),
        };
        yield return Some.WhenCluster("grow", anyHot, TimeSpan.FromMinutes(1), new PolicyAction.PowerOn(1)) with { Cooldown = TimeSpan.FromMinutes(10) };
        yield return Some.WhenCluster("shrink", Some.Below(PolicyAttribute.ClusterCpu, 20), TimeSpan.FromMinutes(3), new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0));
        yield return Some.On("replace", SubjectEvent.HostFails, new PolicyAction.PowerOn(1));
        yield return Some.When("watch", Some.Above(PolicyAttribute.HostCpu, 50), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu)) with { Mode = random.Next(2) == 0 ? RuleMode.Observe : RuleMode.Recommend };
    }

    private void Misfortunes(Run run)
    {
        var world = run.World;
        var (fates, slow) = (_random.Next(100), _random.Next(3));
        world.FateOf = vm => HashCode(vm, (int)(world.Now - Run.Start).TotalMinutes) % 100 is var n && n < fates / 3 ? (MigrationFate)(1 + n % 4) : MigrationFate.Moves;
        world.ObservationTakes = () => TimeSpan.FromSeconds(slow * (HashCode("poll", (int)(world.Now - Run.Start).TotalMinutes) % 12));
        run.Store.AppendTakes = TimeSpan.FromSeconds(_random.Next(3));
        if (Rarely(4))
        {
            var refused = 1 + _random.Next(60);
            run.Store.Refuses = (n, _) => n == refused;
        }

        foreach (var host in world.Hosts.Keys)
        {
            if (Rarely(8)) world.BmcRefuses.Add(host);
            if (Rarely(8)) world.NeverBoots.Add(host);
            if (Rarely(3)) ForAWhile(() => world.Silent.Add(host), () => world.Silent.Remove(host));
            if (Rarely(3)) ForAWhile(() => world.Unmeasured.Add(host), () => world.Unmeasured.Remove(host));
            if (Rarely(3)) At(_random.NextDouble() * Minutes, () => Appear(host));
            if (Rarely(6)) At(_random.NextDouble() * Minutes, () => TakeElsewhere(host));
        }

        // Dice of their own, so that they change nothing else.
        var waking = new Random(_seed + 2_000_000);
        foreach (var host in world.Hosts.Keys)
        {
            if (waking.Next(5) == 0) world.LosesStorage.Add(host);
            if (waking.Next(5) == 0)
            {
                var from = waking.NextDouble() * Minutes;
                At(from, () => world.CantBeLookedOver.Add(host));
                At(from + waking.NextDouble() * 30, () => world.CantBeLookedOver.Remove(host));
            }

            // Somebody presses its switch.
            if (waking.Next(5) == 0) At(waking.NextDouble() * Minutes, () => { if (world.Hosts[host].State == HostState.Off) world.Become(host, HostState.On); });
        }

        void ForAWhile(Action begin, Action end)
        {
            var from = _random.NextDouble() * Minutes;
            At(from, begin);
            At(from + _random.NextDouble() * 15, end);
        }

        void At(double minute, Action act) => run.Time.CreateTimer(_ => act(), null, TimeSpan.FromMinutes(minute), Timeout.InfiniteTimeSpan);

        // Somebody starts a VM where there is room: never on a host that is going down, as no hypervisor would.
        void Appear(string host)
        {
            if (world.Hosts[host].State == HostState.On && Room(host) > Some.GiB) world.Put(Some.Vm($"new-{host}", host, 1, 1));
        }

        void TakeElsewhere(string host)
        {
            var vm = world.Vms.Values.FirstOrDefault(v => v.Host == host && !world.Migrating.ContainsKey(v.Name));
            var to = world.Hosts.Values.FirstOrDefault(h => h.Name != host && h.State == HostState.On);
            if (vm is not null && to is not null && Room(to.Name) > vm.MemoryBytes) world.Put(vm with { Host = to.Name });
        }

        // What is on its way there needs its room too.
        long Room(string host) => world.Hosts[host].MemoryBytes
            - world.Vms.Values.Where(v => v.Host == host || world.Migrating.TryGetValue(v.Name, out var way) && way.To == host).Sum(v => v.MemoryBytes);
    }

    private bool Rarely(int oneIn) => _random.Next(oneIn) == 0;

    /// <summary>Not negative, and the same in every process.</summary>
    private int HashCode(string name, int number)
    {
        var hash = (uint)_seed * 2654435761;
        foreach (var letter in name) hash = (hash ^ letter) * 16777619;
        hash = (hash ^ (uint)number) * 16777619;
        return (int)((hash ^ (hash >> 15)) * 2246822519 >> 1);
    }
}
