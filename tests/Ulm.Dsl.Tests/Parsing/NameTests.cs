using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Parsing;

public class NameTests
{
    [Theory]
    [InlineData("policy when when host.cpu > 75% then balance", "when")]
    [InlineData("policy policy at 20:00 consolidate", "policy")]
    [InlineData("policy every every 1h balance", "every")]
    [InlineData("policy never at 20:00 consolidate", "never")]
    [InlineData("policy relieve-overload_2.b every 1h balance", "relieve-overload_2.b")]
    [InlineData("policy \"with blanks, \\\"quotes\\\" and when\" every 1h balance", "with blanks, \"quotes\" and when")]
    [InlineData("policy 2nd-shift every 1h balance", "2nd-shift")]
    public void A_policy_can_have_any_name(string text, string name) => Assert.Equal(name, Compiled.Rule(text).Name);

    [Theory]
    [InlineData("never migrate vm always", "always")]
    [InlineData("never migrate vm \"named\"", "named")]
    [InlineData("never migrate vm db-1 every 1h balance", "db-1")]
    [InlineData("never migrate vm when when host.cpu > 5% then balance", "when")]
    public void A_vm_can_have_any_name(string text, string name)
    {
        var result = Compiled.Text(text);
        Assert.Empty(result.Diagnostics);
        var constraint = Assert.IsType<StandingConstraint.NeverMigrate>(Assert.Single(result.Policies.Constraints));
        Assert.Equal(new Selector.Exactly([name]), constraint.Vms);
    }

    [Theory]
    [InlineData("balance")]
    [InlineData("cpu")]
    [InlineData("hosts")]
    [InlineData("monday")]
    public void A_definition_can_bear_a_keyword_of_other_places(string name) =>
        Assert.Empty(Compiled.Codes($"let {name} = host.cpu > 75%\nwhen {name} and not {name} or {name} then balance").Except(["ULM4002", "ULM3004", "ULM3003"]));

    [Theory]
    [InlineData("until")]
    [InlineData("not")]
    [InlineData("when")]
    [InlineData("host.swap")]
    [InlineData("vm.x")]
    public void A_definition_cannot_take_a_word_of_conditions(string name) => Assert.Contains("ULM1005", Compiled.Codes($"let {name} = host.cpu > 75%"));

    [Fact]
    public void A_keyword_inside_quotes_or_a_comment_begins_no_sentence()
    {
        var result = Compiled.Text("never migrate vm \"x when y\" # at 20:00 balance\nalways keep 1 host on in cluster \"every\"");
        Assert.Empty(result.Diagnostics);
        Assert.Equal(2, result.Policies.Constraints.Length);
        Assert.Equal("never migrate vm \"x when y\"", result.Policies.Constraints[0].Text);
    }
}
