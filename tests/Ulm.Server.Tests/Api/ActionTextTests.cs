using Ulm.Dsl;
using Ulm.Server.Api;

namespace Ulm.Server.Tests.Api;

public class ActionTextTests
{
    /// <summary>As people see them: what was left out is said.</summary>
    [Theory]
    [InlineData("evacuate heaviest fitting vm by cpu")]
    [InlineData("evacuate 2 lightest vms by network to fullest host to hosts where (host.cpu < 50% or host.load < 2) and not host.memory > 80%")]
    [InlineData("drain host")]
    [InlineData("drain host h1")]
    [InlineData("drain host \"drain\"")]
    [InlineData("balance by memory to within 2.5%")]
    [InlineData("consolidate")]
    [InlineData("consolidate to at least 2 hosts below 80% cpu and 90% memory")]
    [InlineData("consolidate below 90% memory")]
    [InlineData("power off idle hosts")]
    [InlineData("power off idle hosts keeping 1 spare")]
    [InlineData("suspend idle hosts keeping 2 spare")]
    [InlineData("power on 1 host")]
    [InlineData("power on 2 hosts")]
    [InlineData("power on hosts until cluster.cpu < 60% and cluster.memory < 70%")]
    [InlineData("shut down host h1")]
    [InlineData("shut down host \"rack 1\" for 1h30m")]
    [InlineData("enter maintenance host h1")]
    [InlineData("leave maintenance host h1")]
    [InlineData("migrate vm web1 to host h2")]
    [InlineData("notify \"{host.name}: a \\\"b\\\" \\\\ c\" via mail")]
    [InlineData("run hook tidy-up")]
    public void An_action_is_shown_as_a_policy_writes_it(string text)
    {
        var result = PolicyCompiler.Compile([new SourceText("a.ulm", $"always keep 1 host on when host.cpu > 75% then {text}")]);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(text, ActionText.Of(Assert.Single(result.Policies.Rules[0].Actions)));
    }
}
