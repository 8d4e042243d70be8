using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

public class ConstraintTests
{
    private static readonly Selector Db = new Selector.Tagged("db");

    private static StandingConstraint One(string text)
    {
        var result = Compiled.Text(text);
        Assert.Empty(result.Diagnostics);
        return Assert.Single(result.Policies.Constraints);
    }

    private static string Text(StandingConstraint constraint) => (constraint with { Text = "", Location = new("", 0, 0) }).ToString();

    public static TheoryData<string, StandingConstraint> Sentences => new()
    {
        { "never migrate vm tagged \"db\"", new StandingConstraint.NeverMigrate(Db) { Text = "", Location = new("", 0, 0) } },
        { "never migrate vms a, b", new StandingConstraint.NeverMigrate(new Selector.Exactly(["a", "b"])) { Text = "", Location = new("", 0, 0) } },
        { "never power off host control-1", new StandingConstraint.NeverPowerOff(new Selector.Exactly(["control-1"])) { Text = "", Location = new("", 0, 0) } },
        { "never power off hosts named \"edge-*\"", new StandingConstraint.NeverPowerOff(new Selector.Named("edge-*")) { Text = "", Location = new("", 0, 0) } },
        { "keep apart vms tagged \"db\"", new StandingConstraint.Apart(Db, true) { Text = "", Location = new("", 0, 0) } },
        { "prefer apart vms tagged \"db\"", new StandingConstraint.Apart(Db, false) { Text = "", Location = new("", 0, 0) } },
        { "keep together vms app-1, cache-1", new StandingConstraint.Together(new Selector.Exactly(["app-1", "cache-1"]), true) { Text = "", Location = new("", 0, 0) } },
        { "prefer together vms tagged db", new StandingConstraint.Together(Db, false) { Text = "", Location = new("", 0, 0) } },
        { "keep vms tagged \"db\" on hosts tagged \"licensed\"", new StandingConstraint.KeepOn(Db, new Selector.Tagged("licensed")) { Text = "", Location = new("", 0, 0) } },
        { "keep vm x on hosts 1, 2", new StandingConstraint.KeepOn(new Selector.Exactly(["x"]), new Selector.Exactly(["1", "2"])) { Text = "", Location = new("", 0, 0) } },
        { "always keep 2 hosts on in cluster web", new StandingConstraint.AlwaysKeepHostsOn(2, "web") { Text = "", Location = new("", 0, 0) } },
        { "reserve 1 host", new StandingConstraint.ReserveHosts(1, null) { Text = "", Location = new("", 0, 0) } },
        { "reserve 2 hosts in cluster web", new StandingConstraint.ReserveHosts(2, "web") { Text = "", Location = new("", 0, 0) } },
        { "reserve 20% memory", new StandingConstraint.ReserveShare(Resource.Memory, 20, null) { Text = "", Location = new("", 0, 0) } },
        { "reserve 12.5% cpu in cluster \"a b\"", new StandingConstraint.ReserveShare(Resource.Cpu, 12.5, "a b") { Text = "", Location = new("", 0, 0) } },
        { "limit migrations to 2 per host", new StandingConstraint.LimitMigrations(2, null) { Text = "", Location = new("", 0, 0) } },
        { "limit migrations to 8 in total", new StandingConstraint.LimitMigrations(null, 8) { Text = "", Location = new("", 0, 0) } },
        { "limit migrations to 2 per host and 8 in total", new StandingConstraint.LimitMigrations(2, 8) { Text = "", Location = new("", 0, 0) } },
        { "limit migrations to 8 in total and 2 per host", new StandingConstraint.LimitMigrations(2, 8) { Text = "", Location = new("", 0, 0) } },
        { "limit migrations to 30 per 1h", new StandingConstraint.MigrationBudget(30, TimeSpan.FromHours(1)) { Text = "", Location = new("", 0, 0) } },
        { "limit power cycles to 4 per host per 24h", new StandingConstraint.PowerCycleBudget(4, TimeSpan.FromHours(24)) { Text = "", Location = new("", 0, 0) } },
        { "cooldown vm 30m", new StandingConstraint.VmCooldown(TimeSpan.FromMinutes(30)) { Text = "", Location = new("", 0, 0) } },
        { "overcommit cpu 4x", new StandingConstraint.OvercommitCpu(4) { Text = "", Location = new("", 0, 0) } },
        { "overcommit cpu 1.5x", new StandingConstraint.OvercommitCpu(1.5) { Text = "", Location = new("", 0, 0) } },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void A_constraint(string text, StandingConstraint expected)
    {
        var constraint = One(text);
        Assert.Equal(expected, constraint with { Text = "", Location = expected.Location });
        Assert.Equal(text, constraint.Text);
        Assert.Equal("test.ulm:1:1", constraint.Location.ToString());
    }

    [Fact]
    public void Hosts_can_be_chosen_by_a_definition()
    {
        var result = Compiled.Text("keep vms tagged \"db\" on hosts edge never power off host edge hosts edge = named \"edge-*\" and not tagged \"old\"");
        Assert.Empty(result.Diagnostics);
        var on = Assert.IsType<Selector.Where>(Assert.IsType<StandingConstraint.KeepOn>(result.Policies.Constraints[0]).Hosts);
        Assert.Equal("edge", on.Name);
        Assert.Equal("named \"edge-*\" and not tagged \"old\"", ConditionText.Of(on.Condition));
        Assert.Equal(on, Assert.IsType<StandingConstraint.NeverPowerOff>(result.Policies.Constraints[1]).Hosts);
        Assert.Equal(["ULM3108"], Compiled.Codes("hosts edge = named \"edge-*\" never power off hosts h1, edge"));
    }

    [Fact]
    public void All_of_them_stand_behind_one_another_on_one_line()
    {
        var texts = Sentences.Select(row => row.Data.Item1).ToList();
        var result = Compiled.Text(string.Join(' ', texts));
        Assert.Equal(texts, result.Policies.Constraints.Select(c => c.Text));
    }

    [Theory]
    [InlineData("never migrate vms keep, prefer, cooldown", "keep prefer cooldown")]
    [InlineData("never migrate vm limit limit migrations to 2 per host", "limit")]
    [InlineData("never migrate vm reserve keep apart vms tagged x", "reserve")]
    [InlineData("never migrate vms overcommit, at\nat 20:00 balance", "overcommit at")]
    [InlineData("keep vms never, every on hosts on, always", "never every")]
    public void A_vm_can_bear_a_word_that_begins_a_constraint(string text, string names)
    {
        var result = Compiled.Text(text);
        Assert.Empty(result.Diagnostics);
        var vms = result.Policies.Constraints[0] switch
        {
            StandingConstraint.NeverMigrate never => never.Vms,
            StandingConstraint.KeepOn keep => keep.Vms,
            var other => throw new InvalidOperationException(other.Text),
        };
        Assert.Equal(names.Split(' '), Assert.IsType<Selector.Exactly>(vms).Names);
    }

    [Fact]
    public void A_pause_of_a_rule_and_one_of_all_vms_are_told_apart()
    {
        var result = Compiled.Text("when host.cpu > 75% then balance cooldown 10m cooldown vm 30m");
        Assert.Empty(result.Diagnostics);
        Assert.Equal(TimeSpan.FromMinutes(10), result.Policies.Rules[0].Cooldown);
        Assert.Equal(TimeSpan.FromMinutes(30), Assert.IsType<StandingConstraint.VmCooldown>(result.Policies.Constraints[0]).Duration);
    }

    [Theory]
    [InlineData("overcommit cpu X", "4", "ULM1103", "write `4x`")]
    [InlineData("overcommit cpu X", "400%", "ULM1109", "write a factor, for example `4x`")]
    [InlineData("overcommit cpu X", "4y", "ULM1101", null)]
    [InlineData("overcommit cpu X", "0x", "ULM1110", null)]
    [InlineData("overcommit cpu X", "-2x", "ULM1110", null)]
    [InlineData("overcommit cpu X", "1001x", "ULM1110", null)]
    [InlineData("overcommit cpu X", "4x4x", "ULM1101", null)]
    [InlineData("overcommit cpu X", "1.2.3x", "ULM1105", null)]
    [InlineData("reserve X host", "20%", "ULM1109", null)]
    [InlineData("reserve X host", "0", "ULM1108", null)]
    [InlineData("reserve X memory", "2", "ULM1103", "write `2%`")]
    [InlineData("reserve X memory", "100%", "ULM3106", null)]
    [InlineData("reserve X cpu", "0%", "ULM3106", null)]
    [InlineData("limit migrations to X per host", "0", "ULM1108", "write a whole number from 1 to 100000")]
    [InlineData("limit migrations to 2 per X", "3", "ULM1103", null)]
    [InlineData("limit power cycles to 2 per host per X", "0h", "ULM2002", null)]
    [InlineData("cooldown vm X", "0s", "ULM2002", null)]
    [InlineData("cooldown vm X", "31d", "ULM2003", null)]
    [InlineData("keep apart vm X", "db-1", "ULM3105", null)]
    [InlineData("prefer together vms X", "\"db 1\"", "ULM3105", null)]
    [InlineData("never power off host X", "\"\"", "ULM1007", null)]
    [InlineData("keep vms tagged a on hosts tagged X", "\"\"", "ULM1007", null)]
    public void A_constraint_with_a_fault(string sentence, string written, string code, string? help)
    {
        var text = sentence.Replace("X", written, StringComparison.Ordinal);
        var diagnostic = Compiled.Single(text);
        Assert.Equal(code, diagnostic.Code);
        Assert.Equal(written, Compiled.Underlined(text, diagnostic));
        if (help is not null)
            Assert.Equal(help, diagnostic.Help);
        Assert.Empty(Compiled.Text(text).Policies.Constraints);
    }

    [Theory]
    [InlineData("kep apart vms tagged \"db\"", "keep")]
    [InlineData("keep aprt vms tagged \"db\"", "apart")]
    [InlineData("keep togehter vms tagged \"db\"", "together")]
    [InlineData("perfer apart vms tagged \"db\"", "prefer")]
    [InlineData("keep vms tagged \"x\" onn hosts tagged \"y\"", "on")]
    [InlineData("never power of host h1", "off")]
    [InlineData("reserv 1 host", "reserve")]
    [InlineData("reserve 20% memroy", "memory")]
    [InlineData("limit migratons to 2 per host", "migrations")]
    [InlineData("limit migrations to 2 per hots", "host")]
    [InlineData("limit migrations to 2 in totl", "total")]
    [InlineData("limit power cycels to 4 per host per 24h", "cycles")]
    [InlineData("coldown vm 30m", "cooldown")]
    [InlineData("always keep 2 hosts on\ncoldown vm 30m", "cooldown")]
    [InlineData("alwys keep 2 hosts on", "always")]
    [InlineData("at 20:00 balance\nalwys keep 2 hosts on", "always")]
    [InlineData("overcomit cpu 4x", "overcommit")]
    [InlineData("keep apart vmss tagged \"db\"", "vms")]
    public void The_nearest_word_is_offered(string text, string keyword)
    {
        var diagnostic = Compiled.Single(text);
        Assert.Equal("ULM0105", diagnostic.Code);
        Assert.Equal($"did you mean `{keyword}`?", diagnostic.Label);
    }
}
