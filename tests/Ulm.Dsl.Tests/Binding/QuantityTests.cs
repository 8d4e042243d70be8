using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Binding;

public class QuantityTests
{
    [Theory]
    [InlineData("10s", 10)]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d2h3m4s", 93784)]
    [InlineData("1.5h", 5400)]
    [InlineData("30d", 2592000)]
    public void A_duration(string written, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Compiled.Rule($"when host.cpu > 75% then balance cooldown {written}").Cooldown);

    [Theory]
    [InlineData("512KiB", 524288)]
    [InlineData("512MiB", 536870912)]
    [InlineData("4GiB", 4294967296)]
    [InlineData("1.5GiB", 1610612736)]
    [InlineData("2TiB", 2199023255552)]
    [InlineData("500kB", 500000)]
    [InlineData("4GB", 4000000000)]
    public void A_size(string written, double bytes)
    {
        var when = Assert.IsType<Trigger.When>(Compiled.Rule($"when vm.memory > {written} then balance").Trigger);
        var comparison = Assert.IsType<Condition.Comparison>(when.Condition);
        Assert.Equal(new Quantity.Constant(bytes, Unit.Bytes, written), comparison.Right);
        Assert.Equal($"vm.memory > {written}", comparison.Text);
    }

    [Theory]
    [InlineData("when host.cpu > X then balance", "75", "ULM1103", "write `75%`")]
    [InlineData("when vm.memory > X then balance", "4", "ULM1103", "write `4MiB` or `4GiB`")]
    [InlineData("when host.cpu > X then balance", "4GiB", "ULM1102", "compare `host.cpu` with a percentage, for example `75%`")]
    [InlineData("when vm.memory > X then balance", "75%", "ULM1102", "compare `vm.memory` with a size, for example `4GiB`")]
    [InlineData("when host.load > X then balance", "75%", "ULM1102", "compare `host.load` with a plain number, for example `2`")]
    [InlineData("when host.cpu > X then balance", "20:00", "ULM1102", "compare `host.cpu` with a percentage, for example `75%`")]
    [InlineData("when host.cpu > X then balance", "101%", "ULM1104", null)]
    [InlineData("when host.cpu > X then balance", "-1%", "ULM1104", null)]
    [InlineData("when host.cpu > X then balance", "75pct", "ULM1101", "did you mean `75%`?")]
    [InlineData("when vm.memory > X then balance", "4gib", "ULM1101", "did you mean `4GiB`?")]
    [InlineData("when vm.memory > X then balance", "4G", "ULM1101", "did you mean `4GiB`?")]
    [InlineData("when vm.memory > X then balance", "4Gb", "ULM1101", "did you mean `4GB`?")]
    [InlineData("when host.cpu > X then balance", "75 %", "ULM1106", "write `75%`")]
    [InlineData("every X balance", "10 m", "ULM1106", "write `10m`")]
    [InlineData("every X balance", "10", "ULM1103", "write `10s`, `10m` or `10h`")]
    [InlineData("every X balance", "10x", "ULM1101", null)]
    [InlineData("every X balance", "1h30min", "ULM1101", "did you mean `1h30m`?")]
    [InlineData("every X balance", "30m1h", "ULM1105", null)]
    [InlineData("every X balance", "1h1h", "ULM1105", null)]
    [InlineData("every X balance", "1h30", "ULM1105", null)]
    [InlineData("every X balance", "1.2.3h", "ULM1105", null)]
    [InlineData("every X balance", "0.5s", "ULM1105", null)]
    [InlineData("every X balance", "10%", "ULM1109", null)]
    [InlineData("every X balance", "20:00", "ULM1109", null)]
    [InlineData("every X balance", "0s", "ULM2002", null)]
    [InlineData("every X balance", "-5m", "ULM2002", null)]
    [InlineData("every X balance", "31d", "ULM2003", null)]
    [InlineData("every X balance", "25h", "ULM2007", null)]
    [InlineData("when host.cpu > 5% for X then balance", "0m", "ULM2002", "leave `for` out if the rule is to fire at once")]
    [InlineData("every 1h balance to within X", "200%", "ULM1104", null)]
    [InlineData("every 1h balance to within X", "10", "ULM1103", "write `10%`")]
    [InlineData("every 1h power on X hosts", "0", "ULM1108", null)]
    [InlineData("every 1h power on X hosts", "1.5", "ULM1108", null)]
    [InlineData("every 1h power on X hosts", "99999999999999999999", "ULM1108", null)]
    [InlineData("every 1h power on X hosts", "50%", "ULM1109", null)]
    [InlineData("always keep X hosts on", "0", "ULM1108", null)]
    public void A_quantity_that_does_not_fit(string sentence, string written, string code, string? help)
    {
        var text = sentence.Replace("X", written, StringComparison.Ordinal);
        var diagnostic = Compiled.Single(text);
        Assert.Equal(code, diagnostic.Code);
        Assert.Equal(written, Compiled.Underlined(text, diagnostic));
        if (help is not null)
            Assert.Equal(help, diagnostic.Help);
    }

    [Fact]
    public void Keeping_no_spare_host_can_be_said() =>
        Assert.Equal([new PolicyAction.PowerOffIdle(0)], Compiled.Text("always keep 1 host on every 1h power off idle hosts keeping 0 spare").Policies.Rules[0].Actions);
}
