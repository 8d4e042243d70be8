using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

public class ActionTests
{
    public static TheoryData<string, PolicyAction> Actions => new()
    {
        { "evacuate heaviest vm", new PolicyAction.Evacuate(false, Resource.Cpu) },
        { "evacuate lightest fitting vm", new PolicyAction.Evacuate(true, Resource.Cpu) { Order = VmOrder.Lightest } },
        { "evacuate 3 heaviest vms", new PolicyAction.Evacuate(false, Resource.Cpu) { Count = 3 } },
        { "evacuate 2 lightest fitting vms by network to fullest host",
            new PolicyAction.Evacuate(true, Resource.Network) { Count = 2, Order = VmOrder.Lightest, To = HostPreference.Fullest } },
        { "evacuate heaviest vm by memory to coolest host", new PolicyAction.Evacuate(false, Resource.Memory) },
        { "evacuate all vms", new PolicyAction.Drain(null) },
        { "drain host", new PolicyAction.Drain(null) },
        { "drain host h1", new PolicyAction.Drain("h1") },
        { "balance", new PolicyAction.Balance(Resource.Cpu, 10) { Thorough = true } },
        { "balance by memory to within 5%", new PolicyAction.Balance(Resource.Memory, 5) },
        { "consolidate", new PolicyAction.Consolidate() },
        { "consolidate to at least 2 hosts", new PolicyAction.Consolidate { ToAtLeastHosts = 2 } },
        { "consolidate below 80% cpu", new PolicyAction.Consolidate { BelowCpuPercent = 80 } },
        { "consolidate below 90% memory and 80% cpu", new PolicyAction.Consolidate { BelowCpuPercent = 80, BelowMemoryPercent = 90 } },
        { "consolidate to at least 1 host below 80% cpu and 90% memory",
            new PolicyAction.Consolidate { ToAtLeastHosts = 1, BelowCpuPercent = 80, BelowMemoryPercent = 90 } },
        { "power off idle hosts", new PolicyAction.PowerOffIdle(0) },
        { "power off idle hosts keeping 1 spare", new PolicyAction.PowerOffIdle(1) },
        { "suspend idle hosts", new PolicyAction.SuspendIdle(0) },
        { "suspend idle hosts keeping 2 spare", new PolicyAction.SuspendIdle(2) },
        { "power on 2 hosts", new PolicyAction.PowerOn(2) },
        { "shut down host h1", new PolicyAction.ShutDown("h1", null) },
        { "shut down host \"h 1\" for 2h", new PolicyAction.ShutDown("h 1", TimeSpan.FromHours(2)) },
        { "enter maintenance host h1", new PolicyAction.EnterMaintenance("h1") },
        { "leave maintenance host h1", new PolicyAction.LeaveMaintenance("h1") },
        { "migrate vm web1 to host h2", new PolicyAction.MigrateVm("web1", "h2") },
        { "notify \"{host.name} is at {host.cpu}, {cluster.name} has {cluster.hosts.on}\"",
            new PolicyAction.Notify("{host.name} is at {host.cpu}, {cluster.name} has {cluster.hosts.on}", null) },
        { "notify \"{{braces}} and {host.munin[\\\"sensors_fan.fan1\\\"]}\" via mail", new PolicyAction.Notify("{{braces}} and {host.munin[\"sensors_fan.fan1\"]}", "mail") },
        { "run hook tidy-up", new PolicyAction.RunHook("tidy-up") },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void An_action(string text, PolicyAction expected) => Assert.Equal([expected], Actions_of($"when host.cpu > 75% then {text}"));

    private static IEnumerable<PolicyAction> Actions_of(string text)
    {
        var result = Compiled.Text("always keep 1 host on " + text);
        Assert.Empty(result.Diagnostics);
        return Assert.Single(result.Policies.Rules).Actions;
    }

    [Fact]
    public void All_of_them_stand_in_one_rule()
    {
        var text = "always keep 1 host on when host.cpu > 75% then " + string.Join(" and ", Actions.Select(row => row.Data.Item1));
        var result = Compiled.Text(text);
        Assert.DoesNotContain(result.Diagnostics, d => d.Code is not ("ULM4004" or "ULM3009"));
        Assert.Equal(Actions.Select(row => row.Data.Item2), result.Policies.Rules[0].Actions);
    }

    [Theory]
    [InlineData("balance and consolidate below 80% cpu and power off idle hosts", 3)]
    [InlineData("consolidate below 80% cpu and 90% memory and balance", 2)]
    [InlineData("evacuate heaviest vm to hosts where host.cpu < 50% and host.load < 2 and notify \"x\"", 2)]
    [InlineData("evacuate heaviest vm to coolest host to hosts where (host.cpu < 50% and host.load < 2) or host.load < 1 and drain host", 2)]
    [InlineData("power on hosts until cluster.cpu < 60% and cluster.memory < 70% and balance and balance by memory", 3)]
    [InlineData("drain host and shut down host h1 for 10m and run hook x", 3)]
    public void An_and_joins_actions_or_what_an_action_is_made_of(string actions, int count)
    {
        var rule = Compiled.Rule($"when host.cpu > 75% then {actions} until host.cpu < 60% cooldown 10m always keep 1 host on");
        Assert.Equal(count, rule.Actions.Length);
        Assert.NotNull(rule.Until);
    }

    [Fact]
    public void Conditions_of_an_action_are_bound_like_any_other()
    {
        var evacuate = Assert.IsType<PolicyAction.Evacuate>(Assert.Single(
            Compiled.Rule("let roomy = host.memory.free > 8GiB when host.cpu > 75% then evacuate heaviest vm to hosts where not roomy").Actions));
        var not = Assert.IsType<Condition.Not>(evacuate.ToHostsWhere);
        Assert.Equal("host.memory.free > 8GiB", Assert.IsType<Condition.Comparison>(not.Operand).Text);
    }

    [Theory]
    [InlineData("let roomy = host.load < X when host.cpu > 75% then evacuate heaviest vm to hosts where roomy")]
    [InlineData("let calm = cluster.cpu < X% at 06:00 power on hosts until calm")]
    public void A_fingerprint_changes_with_a_definition_that_an_action_uses(string text) =>
        Assert.NotEqual(Compiled.Rule(text.Replace("X", "2")).Fingerprint, Compiled.Rule(text.Replace("X", "3")).Fingerprint);

    [Theory]
    [InlineData("at 20:00 evacuate heaviest vm", "ULM1203", "evacuate heaviest vm")]
    [InlineData("at 20:00 evacuate all vms", "ULM1203", "evacuate all vms")]
    [InlineData("every 1h drain host", "ULM1203", "drain host")]
    [InlineData("when cluster.cpu > 75% then drain host", "ULM1203", "drain host")]
    [InlineData("every 1h balance by network", "ULM1305", "network")]
    [InlineData("at 20:00 consolidate below 80% cpu and 70% cpu", "ULM1307", "70% cpu")]
    [InlineData("at 20:00 consolidate below 0% cpu", "ULM1308", "0%")]
    [InlineData("at 20:00 consolidate below 8 cpu", "ULM1103", "8")]
    [InlineData("at 20:00 consolidate to at least 0 hosts", "ULM1108", "0")]
    [InlineData("at 20:00 power on hosts until host.cpu < 60%", "ULM1304", "host.cpu < 60%")]
    [InlineData("when host.cpu > 75% then evacuate heaviest vm to hosts where vm.cpu > 5%", "ULM1304", "vm.cpu > 5%")]
    [InlineData("when host.cpu > 75% then evacuate 0 heaviest vms", "ULM1108", "0")]
    [InlineData("when host.cpu > 75% then evacuate 1.5 heaviest vms", "ULM1108", "1.5")]
    [InlineData("at 20:00 shut down host h1 for 0m", "ULM2002", "0m")]
    [InlineData("at 20:00 shut down host \"\"", "ULM1007", "\"\"")]
    [InlineData("at 20:00 migrate vm \"\" to host h", "ULM1007", "\"\"")]
    [InlineData("at 20:00 notify \"  \"", "ULM1306", "\"  \"")]
    [InlineData("at 20:00 notify \"x\" via \"\"", "ULM1007", "\"\"")]
    [InlineData("when host.cpu > 75% then notify \"a \\\"b\\\" {host.cpus} c\"", "ULM1301", "{host.cpus}")]
    [InlineData("when host.cpu > 75% then notify \"{}\"", "ULM1301", "{}")]
    [InlineData("when host.cpu > 75% then notify \"{host.munin[\\\"a\\\"}\"", "ULM1301", "{host.munin[\\\"a\\\"}")]
    [InlineData("when host.cpu > 75% then notify \"a {host.name\"", "ULM1303", "{")]
    [InlineData("when host.cpu > 75% then notify \"{vm.name}\"", "ULM1302", "{vm.name}")]
    [InlineData("when cluster.cpu > 75% then notify \"{host.name}\"", "ULM1302", "{host.name}")]
    [InlineData("at 20:00 notify \"{cluster.cpu}\"", "ULM1302", "{cluster.cpu}")]
    public void An_action_with_a_fault(string text, string code, string underlined)
    {
        var diagnostic = Compiled.Single(text);
        Assert.Equal(code, diagnostic.Code);
        Assert.Equal(underlined, Compiled.Underlined(text, diagnostic));
        Assert.Empty(Compiled.Text(text).Policies.Rules);
    }

    [Theory]
    [InlineData("{host.cpuu}", "did you mean `{host.cpu}`?")]
    [InlineData("{hots.name}", "did you mean `{host.name}`?")]
    [InlineData("{cpu}", "did you mean `{host.cpu}`?")]
    [InlineData("{reasn}", "did you mean `{reason}`?")]
    [InlineData("{name}", "did you mean `{host.name}`?")]
    public void The_nearest_placeholder_is_offered(string placeholder, string help) =>
        Assert.Equal(help, Compiled.Single($"when host.cpu > 75% then notify \"{placeholder}\"").Help);

    [Theory]
    [InlineData("drain host drain", "drain")]
    [InlineData("drain host keep", "keep")]
    [InlineData("enter maintenance host when", "when")]
    [InlineData("migrate vm at to host every", "every")]
    [InlineData("shut down host reserve for 5m", "reserve")]
    [InlineData("run hook policy", "policy")]
    [InlineData("notify \"x\" via never", "never")]
    public void Names_can_be_words_of_the_language(string action, string name) =>
        Assert.Contains(name, Assert.Single(Compiled.Rule($"when host.cpu > 75% then {action}").Actions).ToString());

    [Theory]
    [InlineData("drain host", "at 21:00 balance")]
    [InlineData("drain host h1", "keep apart vms tagged x")]
    [InlineData("drain host", "policy x at 21:00 balance")]
    [InlineData("drain host", "when host.cpu > 5% then balance")]
    [InlineData("evacuate heaviest vm", "never migrate vm x")]
    [InlineData("evacuate heaviest vm to coolest host", "reserve 1 host")]
    [InlineData("run hook x", "let a = host.cpu > 5%")]
    [InlineData("power on 2 hosts", "cooldown vm 30m")]
    [InlineData("evacuate heaviest vm to hosts where host.cpu < 5%", "overcommit cpu 4x")]
    public void An_action_ends_where_the_next_sentence_begins(string action, string next)
    {
        var result = Compiled.Text($"when host.cpu > 75% then {action} {next}");
        Assert.Empty(result.Diagnostics.Where(d => d.Code != "ULM4001"));
        Assert.Single(result.Policies.Rules.Where(r => r.Trigger is Trigger.When { Condition: Condition.Comparison { Text: "host.cpu > 75%" } }));
    }

    [Theory]
    [InlineData("evacuat heaviest vm", "evacuate")]
    [InlineData("evacuate lightst vm", "lightest")]
    [InlineData("evacuate al vms", "all")]
    [InlineData("evacuate heaviest vm by netwrok", "network")]
    [InlineData("evacuate heaviest vm to coolst host", "coolest")]
    [InlineData("evacuate heaviest vm to hosts were host.cpu < 5%", "where")]
    [InlineData("drian host h1", "drain")]
    [InlineData("consolidate to at lest 2 hosts", "least")]
    [InlineData("consolidate belo 80% cpu", "below")]
    [InlineData("suspnd idle hosts keeping 1 spare always keep 1 host on", "suspend")]
    [InlineData("shut donw host h1", "down")]
    [InlineData("enter maintenence host h1", "maintenance")]
    [InlineData("migrate vm a to hst h1", "host")]
    [InlineData("notfy \"x\"", "notify")]
    [InlineData("notify \"x\" vai mail", "via")]
    [InlineData("run hok x", "hook")]
    public void The_nearest_word_is_offered(string action, string keyword)
    {
        var diagnostic = Compiled.Single($"when host.cpu > 75% then {action}");
        Assert.Equal("ULM0105", diagnostic.Code);
        Assert.Equal($"did you mean `{keyword}`?", diagnostic.Label);
    }
}
