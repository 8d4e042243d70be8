namespace Ulm.Dsl.Tests.Binding;

/// <summary>Names and fingerprints: what decides whether a reloaded rule keeps its clocks.</summary>
public class IdentityTests
{
    [Fact]
    public void A_fingerprint_is_the_words_with_definitions_written_out() =>
        Assert.Equal(
            "policy x when ( host.cpu > 75% ) and not ( ( host.cpu > 75% ) or host.load > 2 ) for 10m then balance",
            Compiled.Rule("let a = host.cpu>75% # mark\nlet b = a or host.load > 2\npolicy x when a\n and not b for 10m then balance").Fingerprint);

    [Theory]
    [InlineData("when host.cpu > 75% then balance", "when  host.cpu>75% # c\n then\tbalance", true)]
    [InlineData("let a = host.cpu > 75% when a then balance", "let b = host.cpu > 75% when b then balance", true)]
    [InlineData("let a = host.cpu > 75% when a then balance", "let a = host.cpu > 76% when a then balance", false)]
    [InlineData("when host.cpu > 75% then balance", "when host.cpu > 75% for 1m then balance", false)]
    [InlineData("policy a every 1h balance", "policy a every 1h balance cooldown 1h", false)]
    public void A_fingerprint_changes_with_the_meaning_only(string one, string other, bool same) =>
        Assert.Equal(same, Compiled.Rule(one).Fingerprint == Compiled.Rule(other).Fingerprint);

    [Fact]
    public void A_name_of_a_definition_that_is_also_the_name_of_the_policy_is_replaced_in_the_condition_only() =>
        Assert.Equal("policy busy when ( host.cpu > 5% ) then balance", Compiled.Rule("let busy = host.cpu > 5% policy busy when busy then balance").Fingerprint);

    [Fact]
    public void Rules_without_a_name_are_named_after_file_and_line_each_with_one_of_its_own()
    {
        var result = PolicyCompiler.Compile(
        [
            new("a/x.ulm", "every 1h balance every 2h balance\nevery 3h balance"),
            new("b/x.ulm", "every 4h balance\npolicy \"x.ulm:2\" every 5h balance"),
        ]);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(["x.ulm:1", "a/x.ulm:1", "a/x.ulm:2", "b/x.ulm:1", "x.ulm:2"], result.Policies.Rules.Select(r => r.Name));
    }

    [Fact]
    public void Of_two_rules_with_one_name_the_first_has_it()
    {
        var result = Compiled.Text("policy a every 1h balance\npolicy a every 2h balance\npolicy b every 3h balance");
        Assert.Equal(["ULM1001"], result.Diagnostics.Select(d => d.Code));
        Assert.Equal(["a", "b"], result.Policies.Rules.Select(r => r.Name));
    }

    [Fact]
    public void A_rule_knows_where_it_stands() =>
        Assert.Equal("test.ulm:2:3", Compiled.Rule("# one\n  policy a\n every 1h balance").Location.ToString());
}
