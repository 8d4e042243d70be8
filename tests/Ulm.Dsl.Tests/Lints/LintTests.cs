namespace Ulm.Dsl.Tests.Lints;

public class LintTests
{
    [Theory]
    [InlineData("host.cpu > 100%", "ULM3003")]
    [InlineData("host.cpu < 0%", "ULM3003")]
    [InlineData("host.cpu > 90% and host.cpu < 10%", "ULM3003")]
    [InlineData("host.cpu > 50% and host.load > 2 and not host.cpu > 40%", "ULM3003")]
    [InlineData("host.cpu > 90% and (host.cpu < 10% or host.cpu = 90%)", "ULM3003")]
    [InlineData("host.cpu < host.cpu", "ULM3003")]
    [InlineData("host.load < -1", "ULM3003")]
    [InlineData("75% < host.cpu and host.cpu < 75%", "ULM3003")]
    [InlineData("vm.memory < 0GiB", "ULM3003")]
    [InlineData("host.cpu >= 0%", "ULM3004")]
    [InlineData("host.cpu <= 100%", "ULM3004")]
    [InlineData("host.cpu > 40% or host.cpu < 50%", "ULM3004")]
    [InlineData("not (host.cpu > 90% and host.cpu < 10%)", "ULM3004")]
    [InlineData("host.cpu != 101% or host.load > 2", "ULM1104")]
    [InlineData("host.cpu = 50% or host.cpu != 50%", "ULM3004")]
    [InlineData("host.load > 1 and host.cpu > 100%", "ULM3003")]
    [InlineData("host.load > 1 or host.cpu > 100%", "ULM3003")]
    public void A_condition_that_is_always_the_same(string condition, string code) => Assert.Equal([code], Compiled.Codes($"when {condition} then balance"));

    [Theory]
    [InlineData("host.cpu > 99.9%")]
    [InlineData("host.cpu >= 100%")]
    [InlineData("host.cpu = 0%")]
    [InlineData("host.cpu > 10% and host.cpu < 90%")]
    [InlineData("host.cpu > 50% and host.cpu < 50.1%")]
    [InlineData("host.cpu > 90% or host.cpu < 10%")]
    [InlineData("host.cpu > 90% and vm.cpu < 10%")]
    [InlineData("host.cpu > vm.cpu")]
    [InlineData("host.load > 1000000")]
    [InlineData("host.cpu != 50%")]
    public void A_condition_that_can_change(string condition) => Assert.Empty(Compiled.Codes($"when {condition} then balance"));

    [Fact]
    public void A_constant_part_is_what_is_underlined()
    {
        const string Text = "when host.load > 1 or (host.cpu > 90% and host.cpu < 10%) then balance until host.cpu < 0%";
        Assert.Equal(
            ["(host.cpu > 90% and host.cpu < 10%)", "host.cpu < 0%"],
            Compiled.Text(Text).Diagnostics.Select(d => Compiled.Underlined(Text, d)));
    }

    [Theory]
    [InlineData("every 1h power off idle hosts", "ULM3001")]
    [InlineData("every 1h power off idle hosts every 2h power off idle hosts", "ULM3001")]
    [InlineData("every 1h power off idle hosts always keep 1 host on", "")]
    [InlineData("every 1h power off idle hosts always keep 1 host on in cluster web", "")]
    [InlineData("every 1h power off idle hosts always keep one host on", "ULM0107")]
    [InlineData("always keep 2 hosts on always keep 3 hosts on", "ULM3002")]
    [InlineData("always keep 2 hosts on in cluster a always keep 3 hosts on in cluster a", "ULM3002")]
    [InlineData("always keep 2 hosts on in cluster a always keep 3 hosts on in cluster b", "")]
    [InlineData("always keep 2 hosts on always keep 2 hosts on", "ULM4003")]
    [InlineData("always keep 2 hosts on always keep 2 hosts on in cluster a", "ULM3005")]
    [InlineData("always keep 2 hosts on always keep 3 hosts on in cluster a", "")]
    [InlineData("never migrate vm a never migrate vm \"a\"", "ULM4003")]
    [InlineData("never migrate vm tagged a never migrate vm named a", "")]
    [InlineData("every 1h consolidate and consolidate", "ULM4004")]
    [InlineData("every 1h power on 1 host and power on 1 host", "")]
    [InlineData("every 1h balance by cpu and balance by memory", "")]
    [InlineData("let a = host.cpu > 5%", "ULM4001")]
    [InlineData("let a = host.cpu > 5% let b = a when b then balance", "")]
    [InlineData("let a = host.cpu > 5% when a the balance then", "ULM0105 ULM0101")]
    [InlineData("let a = host.cpu > when a then balance", "ULM0102")]
    [InlineData("when host.cpu > 5% or host.load > 2 and vm.cpu > 4% then balance", "ULM4002")]
    [InlineData("when host.cpu > 5% or (host.load > 2 and vm.cpu > 4%) then balance", "")]
    public void Sentences_that_clash_or_say_nothing(string text, string codes) => Assert.Equal(codes, string.Join(' ', Compiled.Codes(text)));

    [Theory]
    [InlineData("overcommit cpu 4x", "overcommit cpu 4x", "ULM4003")]
    [InlineData("overcommit cpu 4x", "overcommit cpu 6x", "ULM3101")]
    [InlineData("cooldown vm 30m", "cooldown vm 1h", "ULM3101")]
    [InlineData("cooldown vm 60m", "cooldown vm 1h", "ULM4003")]
    [InlineData("reserve 1 host", "reserve 2 hosts", "ULM3101")]
    [InlineData("reserve 1 host", "reserve 2 hosts in cluster web", "")]
    [InlineData("reserve 20% memory", "reserve 10% memory", "ULM3101")]
    [InlineData("reserve 20% memory", "reserve 10% cpu", "")]
    [InlineData("limit migrations to 2 per host", "limit migrations to 8 in total", "")]
    [InlineData("limit migrations to 2 per host and 8 in total", "limit migrations to 6 in total", "ULM3101")]
    [InlineData("limit migrations to 30 per 1h", "limit migrations to 20 per 60m", "ULM3101")]
    [InlineData("limit migrations to 30 per 1h", "limit migrations to 200 per 1d", "")]
    [InlineData("limit power cycles to 4 per host per 24h", "limit power cycles to 5 per host per 1d", "ULM3101")]
    [InlineData("never power off host a", "never power off host a", "ULM4003")]
    [InlineData("never power off host a", "never power off host b", "")]
    [InlineData("keep apart vms tagged db", "keep together vms tagged db", "ULM3102")]
    [InlineData("keep together vms a, b, c", "keep apart vms c, d, b", "ULM3102")]
    [InlineData("keep together vms a, b", "keep apart vms b, c", "")]
    [InlineData("keep apart vms tagged db", "prefer together vms tagged db", "ULM3103")]
    [InlineData("prefer apart vms tagged db", "keep together vms tagged db", "ULM3103")]
    [InlineData("prefer apart vms tagged db", "prefer together vms tagged db", "ULM3102")]
    [InlineData("keep apart vms tagged db", "prefer apart vms tagged db", "")]
    [InlineData("keep apart vms tagged db", "keep together vms named db", "")]
    [InlineData("keep vm a on host h1", "keep vm a on host h2", "ULM3102")]
    [InlineData("keep vm a on hosts h1, h2", "keep vm a on hosts h2, h3", "")]
    [InlineData("keep vm a on host h1", "keep vm a on hosts tagged ssd", "")]
    [InlineData("keep vm a on host h1", "keep vm b on host h2", "")]
    [InlineData("never migrate vm tagged x", "keep vms tagged x on hosts h1, h2", "ULM3104")]
    [InlineData("keep vms a, b on hosts h1, h2", "never migrate vm b", "ULM3104")]
    public void Constraints_that_clash_or_repeat(string first, string second, string code)
    {
        var result = Compiled.Text(first + "\n" + second);
        Assert.Equal(code, string.Join(' ', result.Diagnostics.Select(d => d.Code)));
        Assert.All(result.Diagnostics, d => Assert.Single(d.Labels));
    }
}
