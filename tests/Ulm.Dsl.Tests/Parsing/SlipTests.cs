using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Tests.Parsing;

/// <summary>What people write who come from other tools or from plain English: one message each, with what to write, and that is then right.</summary>
public class SlipTests
{
    [Theory]
    [InlineData("if host.cpu > 75% then balance", "when host.cpu > 75% then balance")]
    [InlineData("every 1h balance\nIf host.cpu > 75% then balance", "every 1h balance\nwhen host.cpu > 75% then balance")]
    [InlineData("when host.cpu > 75% for 10 minutes then balance", "when host.cpu > 75% for 10m then balance")]
    [InlineData("when host.cpu > 75% for 10 min then balance", "when host.cpu > 75% for 10m then balance")]
    [InlineData("when host.cpu > 75% for 2 Hours then balance", "when host.cpu > 75% for 2h then balance")]
    [InlineData("when host.cpu > 75% for 150 seconds then balance", "when host.cpu > 75% for 150s then balance")]
    [InlineData("when host.cpu > 75% for 2 days then balance", "when host.cpu > 75% for 2d then balance")]
    [InlineData("when host.cpu > 75% for 1 hour 30 minutes then balance", "when host.cpu > 75% for 1h30m then balance")]
    [InlineData("when host.cpu > 75% for 1 hour and 30 minutes then balance", "when host.cpu > 75% for 1h30m then balance")]
    [InlineData("when host.cpu > 75% for at least 10m then balance", "when host.cpu > 75% for 10m then balance")]
    [InlineData("when host.cpu > 75% for more than 10m then balance", "when host.cpu > 75% for 10m then balance")]
    [InlineData("when host.cpu > 75% during 10m then balance", "when host.cpu > 75% for 10m then balance")]
    [InlineData("when host.cpu > 75% then balance cooldown 10 minutes", "when host.cpu > 75% then balance cooldown 10m")]
    [InlineData("when host.cpu > 75% then balance with cooldown 10m", "when host.cpu > 75% then balance cooldown 10m")]
    [InlineData("when avg(host.cpu, 15 minutes) > 75% then balance", "when avg(host.cpu, 15m) > 75% then balance")]
    [InlineData("cooldown vm 30 minutes", "cooldown vm 30m")]
    [InlineData("limit migrations to 30 per hour", "limit migrations to 30 per 1h")]
    [InlineData("when host.cpu > 75 % then balance", "when host.cpu > 75% then balance")]
    [InlineData("when host.cpu > 75 percent then balance", "when host.cpu > 75% then balance")]
    [InlineData("when host.cpu > 0.75 then balance", "when host.cpu > 75% then balance")]
    [InlineData("when host.munin[\"sensors_temp.t1\"] > 60°C then balance", "when host.munin[\"sensors_temp.t1\"] > 60 then balance")]
    public void Times_and_units(string written, string said) => MendedOnce(written, said);

    [Theory]
    [InlineData("at 8pm balance", "at 20:00 balance")]
    [InlineData("at 8 pm balance", "at 20:00 balance")]
    [InlineData("at 8:30 am balance", "at 08:30 balance")]
    [InlineData("at 12:15 a.m. balance", "at 00:15 balance")]
    [InlineData("at 12pm balance", "at 12:00 balance")]
    [InlineData("at 8:30 balance", "at 08:30 balance")]
    [InlineData("at midnight balance", "at 00:00 balance")]
    [InlineData("at 20:00 weekday balance", "at 20:00 weekdays balance")]
    [InlineData("at 20:00 on weekdays balance", "at 20:00 weekdays balance")]
    [InlineData("at 20:00 every day balance", "at 20:00 daily balance")]
    [InlineData("every day at 20:00 balance", "at 20:00 daily balance")]
    [InlineData("every 1h balance\nevery monday at 20:00 balance", "every 1h balance\nat 20:00 monday balance")]
    [InlineData("at 20:00 mon-fri balance", "at 20:00 weekdays balance")]
    [InlineData("at 20:00 monday and friday balance", "at 20:00 monday , friday balance")]
    [InlineData("at 20:00 and 22:00 balance", "at 20:00 , 22:00 balance")]
    [InlineData("at 20:00 22:00 balance", "at 20:00 , 22:00 balance")]
    [InlineData("have 4 hosts on at 07:30", "have 4 hosts on by 07:30")]
    [InlineData("have 4 hosts ready by 07:30", "have 4 hosts on by 07:30")]
    [InlineData("when host.cpu > 75% during 07:00 - 20:00 then balance", "when host.cpu > 75% during 07:00-20:00 then balance")]
    [InlineData("when host.cpu > 75% during 07:00–20:00 then balance", "when host.cpu > 75% during 07:00-20:00 then balance")]
    [InlineData("when host.cpu > 75% during 07:00 to 20:00 then balance", "when host.cpu > 75% during 07:00-20:00 then balance")]
    [InlineData("when host.cpu > 75% between 07:00 and 20:00 then balance", "when host.cpu > 75% during 07:00-20:00 then balance")]
    [InlineData("calendar x = 2026-12-24 - 2026-12-26 at 20:00 except x balance", "calendar x = 2026-12-24 to 2026-12-26 at 20:00 except x balance")]
    [InlineData("calendar x = 24.12.2026 at 20:00 except x balance", "calendar x = 2026-12-24 at 20:00 except x balance")]
    [InlineData("timezone Europe/Copenhagen", "timezone \"Europe/Copenhagen\"")]
    public void Schedules(string written, string said) => MendedOnce(written, said);

    [Theory]
    [InlineData("when host.cpu => 75% then balance", "when host.cpu >= 75% then balance")]
    [InlineData("when host.cpu > 75% && host.memory > 50% then balance", "when host.cpu > 75% and host.memory > 50% then balance")]
    [InlineData("when host.cpu is above 75% then balance", "when host.cpu > 75% then balance")]
    [InlineData("when host.cpu exceeds 75% then balance", "when host.cpu > 75% then balance")]
    [InlineData("when host.cpu below 5% then balance", "when host.cpu < 5% then balance")]
    [InlineData("when host.cpu between 10% and 20% then balance", "when host.cpu >= 10% and host.cpu <= 20% then balance")]
    [InlineData("when 10% < host.cpu < 20% then balance", "when host.cpu > 10% and host.cpu < 20% then balance")]
    [InlineData("when host cpu > 75% then balance", "when host.cpu > 75% then balance")]
    [InlineData("when vms.cpu > 75% then balance", "when vm.cpu > 75% then balance")]
    [InlineData("when host.ram > 75% then balance", "when host.memory > 75% then balance")]
    [InlineData("when host.cpu_usage > 75% then balance", "when host.cpu > 75% then balance")]
    [InlineData("when host.idle > 10m then balance", "when host.idle for > 10m then balance")]
    [InlineData("when host has no vms then balance", "when host is empty then balance")]
    [InlineData("when host.munin[sensors_fan.fan1] > 3 then drain host", "when host.munin[\"sensors_fan.fan1\"] > 3 then drain host")]
    [InlineData("when host.munin[sensors] > 3 then drain host", "when host.munin[\"sensors\"] > 3 then drain host")]
    [InlineData("when host.munin['sensors_fan.fan1'] > 3 then drain host", "when host.munin[\"sensors_fan.fan1\"] > 3 then drain host")]
    [InlineData("when host fails then notify \"x\"", "on host fails then notify \"x\"")]
    [InlineData("let busy: host.cpu > 75% when busy then balance", "let busy = host.cpu > 75% when busy then balance")]
    public void Conditions(string written, string said) => MendedOnce(written, said);

    [Theory]
    [InlineData("at 20:00 consolidate and then balance", "at 20:00 consolidate and balance")]
    [InlineData("at 20:00 consolidate, balance", "at 20:00 consolidate and balance")]
    [InlineData("at 20:00 consolidate then balance", "at 20:00 consolidate and balance")]
    [InlineData("when host.cpu > 75% balance", "when host.cpu > 75% then balance")]
    [InlineData("when host.cpu > 75% do balance", "when host.cpu > 75% then balance")]
    [InlineData("when host.cpu > 75% then evacuate the heaviest vm", "when host.cpu > 75% then evacuate heaviest vm")]
    [InlineData("when host.cpu > 75% then evacuate heaviest", "when host.cpu > 75% then evacuate heaviest vm")]
    [InlineData("when host.cpu > 75% then evacuate 2 vms", "when host.cpu > 75% then evacuate 2 heaviest vms")]
    [InlineData("when host.cpu > 75% then migrate heaviest vm", "when host.cpu > 75% then evacuate heaviest vm")]
    [InlineData("when host.cpu > 75% then evacuate heaviest vm to least loaded host", "when host.cpu > 75% then evacuate heaviest vm to coolest host")]
    [InlineData("when host.cpu > 75% then evacuate heaviest vm at most 3 per 1h", "when host.cpu > 75% then evacuate heaviest vm at most 3 moves per 1h")]
    [InlineData("at 20:00 move vm web1 to host h2", "at 20:00 migrate vm web1 to host h2")]
    [InlineData("at 20:00 migrate web1 to h2", "at 20:00 migrate vm web1 to host h2")]
    [InlineData("at 20:00 migrate vm web1 from h1 to h2", "at 20:00 migrate vm web1 to host h2")]
    [InlineData("always keep 1 host on at 20:00 shutdown idle hosts", "always keep 1 host on at 20:00 power off idle hosts")]
    [InlineData("always keep 1 host on at 20:00 power off all idle hosts", "always keep 1 host on at 20:00 power off idle hosts")]
    [InlineData("always keep 1 host on at 20:00 turn off idle hosts", "always keep 1 host on at 20:00 power off idle hosts")]
    [InlineData("always keep 1 host on at 20:00 power off idle hosts keeping 1 host spare", "always keep 1 host on at 20:00 power off idle hosts keeping 1 spare")]
    [InlineData("at 20:00 wake 2 hosts", "at 20:00 power on 2 hosts")]
    [InlineData("at 20:00 balance cpu", "at 20:00 balance by cpu")]
    [InlineData("at 20:00 balance by cpu within 10%", "at 20:00 balance by cpu to within 10%")]
    [InlineData("at 20:00 balance hosts", "at 20:00 balance")]
    [InlineData("at 20:00 email \"x\"", "at 20:00 notify \"x\"")]
    [InlineData("at 20:00 notify 'x'", "at 20:00 notify \"x\"")]
    [InlineData("at 20:00 balance because “so \\ it is”", "at 20:00 balance because \"so \\\\ it is\"")]
    [InlineData("at 20:00 balance because „so“", "at 20:00 balance because \"so\"")]
    [InlineData("at 20:00 run \"x\"", "at 20:00 run hook \"x\"")]
    [InlineData("at 20:00 balance;", "at 20:00 balance")]
    [InlineData("at 20:00 balance.", "at 20:00 balance")]
    [InlineData("// so\nat 20:00 balance", "# so\nat 20:00 balance")]
    public void Actions(string written, string said) => MendedOnce(written, said);

    [Theory]
    [InlineData("keep 2 hosts on", "always keep 2 hosts on")]
    [InlineData("keep at least 1 host on in cluster web", "always keep 1 host on in cluster web")]
    [InlineData("always keep at least 2 hosts on", "always keep 2 hosts on")]
    [InlineData("keep apart vms db1 db2", "keep apart vms db1 , db2")]
    [InlineData("keep apart vms db1 and db2", "keep apart vms db1 , db2")]
    [InlineData("keep db1 and db2 together", "keep together vms db1, db2")]
    [InlineData("never move vm db1", "never migrate vm db1")]
    [InlineData("never migrate db1", "never migrate vm db1")]
    [InlineData("never migrate vms with tag \"db\"", "never migrate vms tagged \"db\"")]
    [InlineData("never power off h1", "never power off host h1")]
    [InlineData("reserve 1 host for cluster web", "reserve 1 host in cluster web")]
    [InlineData("reserve 20% of memory", "reserve 20% memory")]
    [InlineData("reserve 20% memory in web", "reserve 20% memory in cluster web")]
    public void Constraints(string written, string said) => MendedOnce(written, said);

    [Theory]
    [InlineData("let busy = host.cpu > 75% for 10m when busy then balance", "ULM0101", "a definition says no time; write `for` in the rule that uses it, behind the condition")]
    [InlineData("when host.cpu > 75% for 10m or host.memory > 80% for 5m then balance", "ULM0101", "`for` is said once, of the whole condition; what has a time of its own is a rule of its own")]
    [InlineData("when host.cpu > 75% then balance else consolidate", "ULM0107", "a rule has one condition; what is to be done otherwise is a rule of its own, with `not` before the condition")]
    public void What_has_no_such_form_is_explained(string written, string code, string help)
    {
        var diagnostic = Assert.Single(Compiled.Text(written).Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        Assert.Equal((code, help), (diagnostic.Code, diagnostic.Help));
    }

    // A sentence that is not whole goes no further than its line, so that the next is not taken for a part of it.
    [Fact]
    public void The_next_line_is_not_taken_for_a_list()
    {
        Assert.Equal(["ULM0103"], Compiled.Codes("keep apart vms db1, db2\nfoo bar"));
    }

    private static void MendedOnce(string written, string said)
    {
        var diagnostic = Compiled.Single(written);
        Assert.NotNull(diagnostic.Replacement);
        Assert.True(diagnostic.Help is not null || diagnostic.Label.Contains(diagnostic.Replacement.Trim(), StringComparison.Ordinal));
        var mended = string.Concat(written.AsSpan(0, diagnostic.Span.Start), diagnostic.Replacement, written.AsSpan(diagnostic.Span.End));
        Assert.Equal(said, mended);
        // That a plugin has fields is another thing to learn.
        Assert.All(Compiled.Codes(mended), c => Assert.Equal("ULM1011", c));
    }
}
