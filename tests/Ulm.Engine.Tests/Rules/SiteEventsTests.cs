using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Tests.Rules;

/// <summary>A row is what host h1 was in from minute to minute: On, Unreachable, oFf, Maintenance, Powering off, - for not there.</summary>
public class SiteEventsTests
{
    [Theory]
    [InlineData("OOO", "")]
    [InlineData("UUUUUUU", "")]
    [InlineData("OUUOO", "")]
    [InlineData("OUUUUU", "3 host h1 failed")]
    [InlineData("OUUUUO", "3 host h1 failed, 5 host h1 returned")]
    [InlineData("OF", "1 host h1 failed")]
    [InlineData("OUFFO", "2 host h1 failed, 4 host h1 returned")]
    [InlineData("UUO", "2 host h1 returned")]
    [InlineData("FFO", "")]
    [InlineData("OPFFFFO", "")]
    [InlineData("OMUUUUU", "")]
    [InlineData("O-", "1 host h1 left")]
    [InlineData("-O", "1 host h1 joined")]
    [InlineData("OUUUU-O", "3 host h1 failed, 5 host h1 left, 6 host h1 joined")]
    public void What_happens_to_a_host(string states, string expected) => Assert.Equal(expected, Happened(states));

    [Theory]
    [InlineData("OF")]
    [InlineData("OUUUUU")]
    public void A_host_that_was_told_to_go_has_not_failed(string states) => Assert.Equal("", Happened(states, toldToGo: true));

    [Fact]
    public void Vms_start_and_stop_and_do_neither_when_they_move()
    {
        var events = new SiteEvents();
        string Look(params string[] vms)
        {
            var site = new Site([Some.Host("h1"), Some.Host("h2")], vms.Select(v => Some.Vm(v[..1], v[1..])));
            return string.Join(", ", events.Take(Facts(0, site)));
        }

        Assert.Equal("", Look("ah1", "bh1"));
        Assert.Equal("vm b stopped, vm c started", Look("ah2", "ch1"));
    }

    private static string Happened(string states, bool toldToGo = false)
    {
        var events = new SiteEvents();
        return string.Join(", ", states.SelectMany((state, minute) => events.Take(Facts(minute, Site(state), toldToGo)).Select(e => $"{minute} {e}")));
    }

    private static Site Site(char state) => state == '-' ? new Site([Some.Host("other")], []) : new Site(
        [Some.Host("other"), Some.Host("h1", state switch
        {
            'O' => HostState.On,
            'U' => HostState.Unreachable,
            'F' => HostState.Off,
            'M' => HostState.Maintenance,
            _ => HostState.PoweringOff,
        })], []);

    private static SiteFacts Facts(int minute, Site site, bool toldToGo = false) => new(
        RuleBench.At(minute), site, new MetricWindows(), new Freshness(TimeSpan.FromMinutes(1)), ImmutableDictionary<SubjectRef, string>.Empty)
    {
        ToldToGo = toldToGo ? ImmutableHashSet.Create("h1") : [],
    };
}
