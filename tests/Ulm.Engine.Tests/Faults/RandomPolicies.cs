namespace Ulm.Engine.Tests.Faults;

/// <summary>Policies of every form, as sentences: all actions, constraints, schedules and guards, for sites with hosts h01, h02, ... and VMs v000, v001, ...</summary>
internal static class RandomPolicies
{
    public static IEnumerable<string> Make(Random random, int hosts)
    {
        var (rules, constraints) = (Rules(random, hosts).ToList(), Constraints(random).ToList());
        return [.. Some(random, rules, 0.45).Select((r, i) => $"policy r{i} {r}{Modifiers(random, r)}"), .. Some(random, constraints, 0.2)];
    }

    private static IEnumerable<string> Some(Random random, List<string> all, double share) => all.Where(_ => random.NextDouble() < share).ToList();

    private static IEnumerable<string> Rules(Random random, int hosts)
    {
        yield return $"when host.cpu > {Mark()}%{For(6)}{Guard()} then evacuate {Which()}";
        yield return $"when avg(host.cpu, {2 + random.Next(10)}m) > {Mark()}%{Guard()} then evacuate {Which()}";
        yield return $"when p95(host.cpu, {5 + random.Next(20)}m) > 80%{For(3)} then evacuate {1 + random.Next(3)} heaviest vms to fullest hosts";
        yield return $"when forecast(host.cpu, 30m) > 90% then evacuate lightest fitting vm";
        yield return $"when vm.cpu > 60% for 1m then evacuate heaviest fitting vm until vm.cpu < 30%";
        yield return $"when host.memory > {Mark()}%{For(6)} then balance by memory to within {5 + random.Next(20)}%";
        yield return $"every {7 + random.Next(30)}m{Guard()} consolidate{(Dice(3) ? " to at least 2 hosts" : "")}{(Dice(3) ? " below 60% cpu and 70% memory" : "")} and power off idle hosts{(Dice(2) ? " keeping 1 spare" : "")}";
        yield return $"at {Time()}, {Time()} daily consolidate and {(Dice(2) ? "suspend" : "power off")} idle hosts";
        yield return $"at {Time()} power off idle hosts";
        yield return $"every {11 + random.Next(40)}m balance{(Dice(2) ? " by cpu" : "")} to within {5 + random.Next(20)}%";
        yield return $"when host.cpu > 80% for 2m then power on 1 host cooldown 20m";
        yield return $"when any host (host.cpu > 85%) for 1m then power on {1 + random.Next(2)} hosts cooldown 10m per cluster";
        yield return $"when cluster.cpu < 20% for 3m then consolidate and power off idle hosts";
        yield return $"when cluster.hosts.on < 2 then power on hosts until cluster.hosts.on >= 2 cooldown 15m";
        yield return "on host fails power on 1 host and notify \"{host.name} failed\"";
        yield return "on vm starts balance by memory to within 10%";
        yield return $"have {1 + random.Next(hosts)} hosts on by {Time()}";
        yield return $"at {Time()} drain host {Host()}";
        yield return $"at {Time()} enter maintenance host {Host()}";
        yield return $"at {Time()} leave maintenance host {Host()}";
        yield return $"at {Time()}, {Time()} shut down host {Host()} for {20 + random.Next(60)}m";
        yield return $"at {Time()} shut down host {Host()}";
        yield return $"at {Time()}, {Time()} migrate vm v00{random.Next(5)} to host {Host()}";
        yield return $"when host.cpu > 90% for 3m then drain host";
        yield return $"every 1h run hook clean and notify \"an hour has passed\"";

        bool Dice(int oneIn) => random.Next(oneIn) == 0;
        string For(int minutes) => random.Next(minutes) is > 0 and var some ? $" for {some}m" : "";
        int Mark() => 50 + random.Next(40);
        string Time() => $"{random.Next(24):00}:{random.Next(60):00}";
        string Host() => $"h{1 + random.Next(hosts):00}";
        string Which() => (random.Next(4)) switch { 0 => "heaviest vm", 1 => "2 heaviest fitting vms by memory", 2 => "lightest fitting vm to coolest host", _ => "heaviest fitting vm" };
        string Guard() => random.Next(8) switch { 0 => " in cluster default", 1 => " during 06:00-20:00", 2 => " unless host tagged licensed", 3 => " where not host named \"h*3\"", _ => "" };
    }

    private static string Modifiers(Random random, string rule)
    {
        var all = "";
        if (!rule.Contains("cooldown") && random.Next(4) == 0 && rule.StartsWith("when", StringComparison.Ordinal)) all += $" cooldown {random.Next(1, 20)}m";
        if (random.Next(6) == 0) all += $" at most {1 + random.Next(6)} moves per {10 + random.Next(120)}m";
        if (random.Next(6) == 0) all += $" priority {1 + random.Next(9)}";
        if (random.Next(10) == 0) all += random.Next(2) == 0 ? " mode observe" : " mode recommend";
        return all;
    }

    private static IEnumerable<string> Constraints(Random random)
    {
        yield return "never migrate vm tagged pinned";
        yield return $"{Keep()} apart vms tagged db";
        yield return $"{Keep()} together vms tagged app";
        yield return "keep vms tagged oracle on hosts tagged licensed";
        yield return "never power off host named \"h*2\"";
        yield return $"always keep {1 + random.Next(3)} hosts on";
        yield return $"always keep {1 + random.Next(3)} hosts on in cluster default";
        yield return $"reserve {1 + random.Next(2)} host";
        yield return $"reserve {random.Next(5, 40)}% memory";
        yield return $"reserve {random.Next(5, 40)}% cpu in cluster default";
        yield return $"limit migrations to {1 + random.Next(2)} per host and {1 + random.Next(5)} in total";
        yield return $"limit migrations to {2 + random.Next(30)} per 1h";
        yield return $"limit power cycles to {1 + random.Next(2)} per host per {1 + random.Next(3)}h";
        yield return $"cooldown vm {1 + random.Next(30)}m";
        yield return $"overcommit cpu {2 + random.Next(5)}x";

        string Keep() => random.Next(4) == 0 ? "prefer" : "keep";
    }
}
