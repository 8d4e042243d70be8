namespace Ulm.Dsl.Tests.Parsing;

public class RecoveryTests
{
    // Each has a fault that only the binder finds; it must be found whatever stands between.
    private static IEnumerable<string> Rules(int count) => Enumerable.Range(1, count).Select(i => $"policy rule-{i}\nwhen host.cpu > {i} for 10m\nthen balance");

    [Theory]
    [InlineData("when host.cpu > > 5% then balance")]
    [InlineData("when host.cpu > 5%")]
    [InlineData("whn host.cpu > 5% then balance")]
    [InlineData("when ((host.cpu > 5% then balance")]
    [InlineData("policy \"unclosed")]
    [InlineData("let = host.cpu")]
    [InlineData("never")]
    [InlineData("then then then")]
    [InlineData(")(")]
    [InlineData("{ } ; ' @")]
    [InlineData("keep apart vms tagged")]
    [InlineData("limit")]
    [InlineData("at")]
    [InlineData("policy")]
    public void A_fault_among_fifty_rules_hides_none_of_theirs(string fault)
    {
        foreach (var position in new[] { 0, 1, 25, 49, 50 })
        {
            var rules = Rules(50).ToList();
            rules.Insert(position, fault);
            var diagnostics = Compiled.Text(string.Join('\n', rules)).Diagnostics;

            var messages = diagnostics.Where(d => d.Code == "ULM1103").Select(d => d.Message).ToList();
            Assert.All(Enumerable.Range(1, 50), i => Assert.Contains($"`{i}` has no unit", messages));
            Assert.Contains(diagnostics, d => d.Code.StartsWith("ULM0", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Several_faults_of_one_sentence_are_told_together()
    {
        const string Text = "when hst.cpu > 75% fr 10min thn evacuate heavist fiting vm cooldown 0s";
        var found = Compiled.Text(Text).Diagnostics.Select(d => (d.Code, Compiled.Underlined(Text, d)));
        Assert.Equal(
            [("ULM1008", "hst.cpu"), ("ULM0105", "fr"), ("ULM1101", "10min"), ("ULM0105", "thn"), ("ULM0105", "heavist"), ("ULM0105", "fiting"), ("ULM2002", "0s")],
            found);
    }

    [Fact]
    public void A_mended_sentence_is_checked_but_never_used()
    {
        var result = Compiled.Text("when host.cpu > 75% thn balance\nalways keep 2 hosts onn\nevery 1h balance");
        Assert.Equal(["ULM0105", "ULM0105"], result.Diagnostics.Select(d => d.Code));
        Assert.Equal("test.ulm:3", Assert.Single(result.Policies.Rules).Name);
        Assert.Empty(result.Policies.Constraints);
    }

    // What the language is to have one day, and what people may think it has: never taken and ignored.
    [Theory]
    [InlineData("when host.cpu > 75% then evacuate vm")]
    [InlineData("when host.cpu > 75% then evacuate vm web1")]
    [InlineData("when host.cpu > 75% then evacuate heaviest vm to host h1")]
    [InlineData("when host.cpu > 75% then evacuate heaviest vm to hosts")]
    [InlineData("when host.cpu > 75% then evacuate all")]
    [InlineData("when host.cpu > 75% then drain hosts")]
    [InlineData("when host.cpu > 75% then notify help")]
    [InlineData("when host.cpu > 75% then run \"rm -rf /\"")]
    [InlineData("when host.cpu > 75% then power off host h1")]
    [InlineData("at 20:00 consolidate to 2 hosts")]
    [InlineData("at 20:00 consolidate below 80%")]
    [InlineData("at 20:00 shut down h1")]
    [InlineData("at 20:00 migrate vm x")]
    [InlineData("keep apart hosts h1, h2")]
    [InlineData("prefer vms tagged \"db\" on hosts h1")]
    [InlineData("limit migrations to 2 per host per 1h")]
    [InlineData("cooldown host 30m")]
    [InlineData("overcommit memory 2x")]
    [InlineData("test \"x\" { at 15m expect nothing }")]
    [InlineData("when median(host.cpu, 15m) > 75% then balance")]
    [InlineData("when host.cpu + 5% > 75% then balance")]
    [InlineData("when some host (host.cpu > 75%) then balance")]
    [InlineData("when host.cpu > 75% in clusters web then balance")]
    [InlineData("when host is not idle then balance")]
    [InlineData("when host.cpu > 75% then balance during 07:00-20:00")]
    [InlineData("at 20:00 every second monday consolidate")]
    [InlineData("at sunset consolidate")]
    [InlineData("on host melts then balance")]
    [InlineData("on vm joins then balance")]
    [InlineData("have 3 hosts on by 07:00 consolidate")]
    [InlineData("calendar holidays = 2026-12-24 until 2026-12-26")]
    [InlineData("let office = from 07:00 to 20:00")]
    public void A_form_that_is_not_known_is_refused(string text)
    {
        var result = Compiled.Text(text);
        Assert.True(result.HasErrors);
        Assert.Empty(result.Policies.Rules);
        Assert.Empty(result.Policies.Constraints);
    }

    [Theory]
    [InlineData("wen host.cpu > 75% then balance", "when")]
    [InlineData("When host.cpu > 75% then balance", "when")]
    [InlineData("when nto host.cpu > 75% then balance", "not")]
    [InlineData("at 20:00 weekday consolidate", "weekdays")]
    [InlineData("at 20:00 munday consolidate", "monday")]
    [InlineData("at 20:00 consolidat", "consolidate")]
    [InlineData("at 20:00 power of idle hosts\nalways keep 1 host on", "off")]
    [InlineData("at 20:00 consolidate an balance", "and")]
    [InlineData("every 1h balance to witin 5%", "within")]
    [InlineData("always keep 2 hosts onn", "on")]
    [InlineData("every 1h balance\nevry 2h balance", "every")]
    [InlineData("every 1h balance polcy x every 2h balance", "policy")]
    [InlineData("when host.cpu > 75% durring 07:00-20:00 then balance", "during")]
    [InlineData("when host.cpu > 75% unles tagged x then balance", "unless")]
    [InlineData("when host.cpu > 75% wehre tagged x then balance", "where")]
    [InlineData("when host.cpu > 75% in clustr web then balance", "cluster")]
    [InlineData("when host.cpu > 75% and taged \"x\" then balance", "tagged")]
    [InlineData("when host.cpu > 75% and host taggd \"x\" then balance", "tagged")]
    [InlineData("when host iss idle then balance", "is")]
    [InlineData("when host is in maintenence then balance", "maintenance")]
    [InlineData("when any hsot (host.cpu > 75%) then balance", "host")]
    [InlineData("when ayn host (host.cpu > 75%) then balance", "any")]
    [InlineData("when cuont of hosts (host.cpu > 75%) > 2 then balance", "count")]
    [InlineData("when avgg(host.cpu, 15m) > 75% then balance", "avg")]
    [InlineData("when forcast(host.cpu, 15m) > 75% then balance", "forecast")]
    [InlineData("when host.idle fro >= 10m then balance", "for")]
    [InlineData("at 20:00 frist monday of month consolidate", "first")]
    [InlineData("at 20:00 first munday of month consolidate", "monday")]
    [InlineData("at 20:00 first monday off month consolidate", "of")]
    [InlineData("at 20:00 first monday of mnth consolidate", "month")]
    [InlineData("calendar x = 2026-12-24 at 20:00 weekdays exept x consolidate", "except")]
    [InlineData("every 10m betwen 08:00 and 20:00 balance", "between")]
    [InlineData("every 10m between 08:00 an 20:00 balance", "and")]
    [InlineData("corn \"0 0 20 ? * MON\" consolidate", "cron")]
    [InlineData("every 1h balance\non hosts fails then balance", "host")]
    [InlineData("on host fials then balance", "fails")]
    [InlineData("every 1h balance\nhvae 3 hosts on by 07:00", "have")]
    [InlineData("have 3 hosts onn by 07:00", "on")]
    [InlineData("have 3 hosts on bye 07:00", "by")]
    [InlineData("every 1h balance\nhosst edge = tagged x\nwhen edge then balance", "hosts")]
    [InlineData("calender x = 2026-12-24\nat 20:00 except x consolidate", "calendar")]
    [InlineData("calendar x = 2026-12-24 too 2026-12-26\nat 20:00 except x consolidate", "to")]
    [InlineData("when host.cpu > 75% then balance prioritty 3", "priority")]
    [InlineData("when host.cpu > 75% then balance mode obsrve", "observe")]
    [InlineData("when host.cpu > 75% then balance becuase \"x\"", "because")]
    [InlineData("when host.cpu > 75% then balance at mots 3 moves", "most")]
    [InlineData("when host.cpu > 75% then balance at most 3 mvoes", "moves")]
    [InlineData("when host.cpu > 75% then balance at most 3 moves prr 1h", "per")]
    [InlineData("when host.cpu > 75% then balance cooldown 1h per hots", "host")]
    public void The_nearest_keyword_is_offered(string text, string keyword)
    {
        var diagnostic = Compiled.Single(text);
        Assert.Equal("ULM0105", diagnostic.Code);
        Assert.Equal($"did you mean `{keyword}`?", diagnostic.Label);
    }

    [Theory]
    [InlineData("policy when host.cpu > 75% then balance", "ULM0101", "when")]
    [InlineData("policy x\nlet a = host.cpu > 5%\nwhen a then balance", "ULM0102", "x")]
    [InlineData("when median(host.cpu) > 5% then balance", "ULM0107", "median")]
    [InlineData("when avg(host.cpu) > 5% then balance", "ULM0101", ")")]
    [InlineData("when host.cpu > 75% and then balance", "ULM0101", "then")]
    [InlineData("when () then balance", "ULM0101", ")")]
    [InlineData("when host.cpu > 75%) then balance", "ULM0101", ")")]
    [InlineData("at 20:00 21:00 consolidate", "ULM0108", "21:00")]
    [InlineData("when host.cpu 75% then balance", "ULM0101", "75%")]
    [InlineData("when host.cpu == 75% then balance", "ULM0001", "==")]
    [InlineData("when host.cpu ≥ 75% then balance", "ULM0001", "≥")]
    [InlineData("when host.cpu > 75%\u00A0then balance", "ULM0001", "\u00A0")]
    [InlineData("let a\nwhen host.cpu > 5% then balance", "ULM0102", "a")]
    public void The_smallest_place_is_underlined(string text, string code, string underlined)
    {
        var diagnostic = Compiled.Single(text);
        Assert.Equal(code, diagnostic.Code);
        Assert.Equal(underlined, Compiled.Underlined(text, diagnostic));
    }

    [Fact]
    public void Nothing_at_all_is_no_fault()
    {
        Assert.Empty(Compiled.Codes(""));
        Assert.Empty(Compiled.Codes("\uFEFF# only a comment"));
        Assert.Empty(PolicyCompiler.Compile([]).Diagnostics);
    }
}
