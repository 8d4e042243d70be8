using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Policies;

public class NotifyTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("{host.name} is at {host.cpu}", "<host.name> is at <host.cpu>")]
    [InlineData("{ host.name }{vm.name}", "<host.name><vm.name>")]
    [InlineData("{{host.name}} and }} and } and {{", "{host.name} and } and } and {")]
    [InlineData("{{{cluster.name}}}", "{<cluster.name>}")]
    [InlineData("{host.munin[\"a.b\"]}", "<host.munin[\"a.b\"]>")]
    [InlineData("{rule}: {reason} ({because})", "<rule>: <reason> (<because>)")]
    [InlineData("{nobody} {host.name", "{nobody} {host.name")]
    public void Placeholders_are_filled_in(string text, string expected) =>
        Assert.Equal(expected, NotifyText.Fill(text, value => $"<{Word(value)}>"));

    private static string Word(NotifyValue value) => value is NotifyValue.OfSubject of
        ? of.Attribute?.Name ?? of.Subject.ToString().ToLowerInvariant() + ".name"
        : value.GetType().Name.ToLowerInvariant();

    [Fact]
    public void What_is_not_known_is_said_to_be_unknown() => Assert.Equal("h1: unknown", NotifyText.Fill("{host.name}: {host.cpu}", v => v is NotifyValue.OfSubject { Attribute: null } ? "h1" : null));

    [Fact]
    public void Every_name_that_is_offered_stands_for_something() => Assert.All(NotifyText.Names, name => Assert.NotNull(NotifyText.Find(name)));
}
