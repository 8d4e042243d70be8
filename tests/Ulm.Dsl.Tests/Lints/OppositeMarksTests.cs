namespace Ulm.Dsl.Tests.Lints;

public class OppositeMarksTests
{
    [Theory]
    [InlineData("host.cpu > 75%", "host.cpu < 60%", "")]
    [InlineData("host.cpu > 75%", "host.cpu < 70%", "")]
    [InlineData("host.cpu > 75%", "host.cpu < 70.1%", "ULM3007")]
    [InlineData("host.cpu > 75%", "host.cpu <= 75%", "ULM3007")]
    [InlineData("host.cpu >= 75%", "host.cpu < 75%", "ULM3007")]
    [InlineData("host.cpu >= 75%", "host.cpu <= 75%", "ULM3008")]
    [InlineData("host.cpu > 75%", "host.cpu < 80%", "ULM3008")]
    [InlineData("host.cpu > 75%", "not host.cpu > 75%", "ULM3007")]
    [InlineData("host.load > 4", "host.load < 3.9", "")]
    [InlineData("host.load > 4", "host.load < 4", "ULM3007")]
    [InlineData("host.cpu > 80% or host.load > 4", "host.cpu < 65% and host.load < 2", "")]
    [InlineData("host.cpu > 80% and host.load > 4", "host.cpu < 65%", "")]
    [InlineData("host.cpu > 80% or host.load > 4", "host.load < 5", "ULM3008")]
    [InlineData("host.cpu > 75%", "host.memory < 75%", "")]
    [InlineData("host.cpu < 20% or host.cpu > 80%", "host.cpu > 30% and host.cpu < 70%", "")]
    [InlineData("host.cpu < 20% or host.cpu > 80%", "host.cpu > 10% and host.cpu < 70%", "ULM3008")]
    public void A_second_mark_stands_apart_from_the_first(string when, string until, string codes) =>
        Assert.Equal(codes, string.Join(' ', Compiled.Codes($"when {when} then evacuate heaviest vm until {until}")));

    [Theory]
    [InlineData("host.cpu < 20%", "host.cpu > 60%", "")]
    [InlineData("host.cpu < 20%", "host.cpu > 10%", "ULM3006")]
    [InlineData("host.cpu < 20%", "host.cpu > 20%", "ULM3007")]
    [InlineData("host.cpu < 20%", "host.memory > 90%", "")]
    [InlineData("host.cpu < 20%", "host.cpu > 10% and host.memory > 90%", "")]
    [InlineData("host.cpu < 20%", "host.cpu > 10% or host.memory > 90%", "ULM3006")]
    public void Hosts_are_not_powered_off_and_on_for_the_same_load(string off, string on, string codes)
    {
        var text = $"always keep 1 host on when {off} then power off idle hosts when {on} then power on 1 host";
        Assert.Equal(codes, string.Join(' ', Compiled.Codes(text)));
    }

    [Theory]
    [InlineData("host.cpu > 75%", "80% cpu", "ULM3009")]
    [InlineData("host.cpu > 75%", "75% cpu", "ULM3009")]
    [InlineData("host.cpu > 75%", "70% cpu", "")]
    [InlineData("75% < host.cpu", "80% cpu", "ULM3009")]
    [InlineData("host.cpu < 75%", "80% cpu", "")]
    [InlineData("host.cpu > 75%", "70% cpu and 90% memory", "")]
    [InlineData("host.memory > 85%", "70% cpu and 90% memory", "ULM3009")]
    [InlineData("avg(host.cpu, 10m) > 75%", "80% cpu", "ULM3009")]
    [InlineData("forecast(host.cpu, 30m) > 75%", "80% cpu", "ULM3009")]
    [InlineData("rate(host.cpu, 10m) > 1", "80% cpu", "")]
    [InlineData("host.cpu > 75% and not host is draining", "80% cpu", "ULM3009")]
    [InlineData("host.cpu > 75% and tagged \"ssd\" and 08:00-20:00", "80% cpu", "ULM3009")]
    [InlineData("host.cpu > 75% and host.cpu > 85%", "80% cpu", "")]
    [InlineData("host.cpu > 75% and vm.cpu > 90%", "80% cpu", "")]
    [InlineData("host.cpu > 75% or host.load > 4", "80% cpu", "ULM3009")]
    public void Hosts_are_not_filled_to_where_they_are_emptied(string when, string below, string codes) =>
        Assert.Equal(codes, string.Join(' ', Compiled.Codes($"when {when} then evacuate heaviest vm at 20:00 consolidate below {below}")));

    [Theory]
    [InlineData("when host.memory > 85% then balance by memory", "ULM3009")]
    [InlineData("when any host (host.memory > 85%) then balance", "ULM3009")]
    [InlineData("when all hosts (host.memory > 85%) then balance", "")]
    [InlineData("when host.memory > 85% then drain host", "ULM3009")]
    [InlineData("when host.memory > 85% then notify \"full\"", "")]
    [InlineData("when host.memory > 97% then balance", "")]
    [InlineData("every 1h balance", "")]
    public void Nor_to_where_they_are_balanced_or_drained(string rule, string codes) =>
        Assert.Equal(codes, string.Join(' ', Compiled.Codes($"{rule} at 20:00 consolidate below 95% memory")));

    [Fact]
    public void Both_marks_are_shown()
    {
        const string Text = "when host.cpu > 75% then evacuate heaviest vm until host.cpu < 80%";
        var diagnostic = Compiled.Single(Text);
        Assert.Equal("host.cpu < 80%", Compiled.Underlined(Text, diagnostic));
        var other = Assert.Single(diagnostic.Labels);
        Assert.Equal("host.cpu > 75%", Text.Substring(other.Span.Start, other.Span.Length));
        Assert.Contains("`host.cpu`", diagnostic.Message);
    }
}
