using Microsoft.Extensions.Time.Testing;

namespace Ulm.Munin.Tests;

public class CollectorTests
{
    private readonly SettableClock _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    /// <summary>A clock whose hands can be moved without time passing.</summary>
    private sealed class SettableClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        public TimeSpan SetBy { get; set; }
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + SetBy;
        public override long GetTimestamp() => base.GetUtcNow().UtcTicks; // the frequency of the base is that of ticks
    }

    /// <summary>Answers kept in a table that a test may change between two polls, and a log of what was asked.</summary>
    private sealed class Answers : Dictionary<string, string?>
    {
        public List<string> Asked { get; } = [];

        public string? Answer(string command)
        {
            Asked.Add(command);
            return TryGetValue(command, out var lines) ? lines is null ? null : lines.Replace(';', '\n') + "\n.\n" : "# Unknown service\n.\n";
        }

        public string TakeAsked()
        {
            var asked = string.Join(", ", Asked);
            Asked.Clear();
            return asked;
        }
    }

    private static string Shown(MuninPoll poll) =>
        string.Join(' ', poll.Readings.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key}={r.Value.Value?.ToString(null, null) ?? "?"}"));

    private static Answers CpuAndLoad() => new()
    {
        ["config cpu"] = "user.type DERIVE;user.min 0;idle.type DERIVE;idle.min 0",
        ["fetch cpu"] = "user.value 100;idle.value 1000",
        ["config load"] = "load.label load",
        ["fetch load"] = "load.value 0.5",
    };

    [Fact]
    public async Task Poll_TurnsRawValuesIntoReadings_AndReadsConfigurationOnce()
    {
        var answers = CpuAndLoad();
        await using var server = new ScriptedNode(s => s.ServeAsync(answers.Answer));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);

        var first = await collector.PollAsync(["cpu", "load"], _ct).Guarded();
        Assert.Equal("cpu.idle=? cpu.user=? load.load=0.5", Shown(first));
        Assert.Equal("a rate needs two samples, this is the first", first.Readings["cpu.user"].UnknownBecause);
        Assert.Empty(first.Faults);
        Assert.Equal("config cpu, fetch cpu, config load, fetch load", answers.TakeAsked());

        _time.Advance(TimeSpan.FromSeconds(10));
        answers["fetch cpu"] = "user.value 350;idle.value 900";
        var second = await collector.PollAsync(["cpu", "load"], _ct).Guarded();
        Assert.Equal("cpu.idle=? cpu.user=25 load.load=0.5", Shown(second));
        Assert.Equal("DERIVE fell from 1000 to 900: restarted", second.Readings["cpu.idle"].UnknownBecause);
        Assert.Equal(_time.GetUtcNow(), second.Readings["cpu.user"].At);
        Assert.Equal("fetch cpu, fetch load", answers.TakeAsked());
    }

    [Fact]
    public async Task Poll_AfterTheConfigLifetime_ReadsConfigurationAgain_AndKeepsTheSeries()
    {
        var answers = CpuAndLoad();
        await using var server = new ScriptedNode(s => s.ServeAsync(answers.Answer));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        await collector.PollAsync(["cpu"], _ct).Guarded();
        answers.TakeAsked();
        _time.Advance(TimeSpan.FromMinutes(5));
        answers["fetch cpu"] = "user.value 400;idle.value 4000";
        Assert.Equal("cpu.idle=10 cpu.user=1", Shown(await collector.PollAsync(["cpu"], _ct).Guarded()));
        Assert.Equal("config cpu, fetch cpu", answers.TakeAsked());
    }

    [Fact]
    public async Task Poll_AfterTheNodeWasRestarted_ReadsConfigurationAgainBeforeItTrustsAValue()
    {
        var answers = CpuAndLoad();
        await using var server = new ScriptedNode(async s =>
        {
            await s.GreetAsync();
            for (var i = 0; s.Number > 1 || i < 2; i++)
                if (await s.ReadCommandAsync() is { } command) await s.SendAsync(answers.Answer(command)!);
                else break;
        });
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        await collector.PollAsync(["load"], _ct).Guarded();
        answers["config load"] = "load.type DERIVE"; // the restarted node measures it in another way
        Assert.Equal("load.load=?", Shown(await collector.PollAsync(["load"], _ct).Guarded()));
        Assert.Equal(2, node.Connections);
    }

    [Fact]
    public async Task Poll_NewFieldComes_ReadsConfigurationAgain()
    {
        var answers = CpuAndLoad();
        await using var server = new ScriptedNode(s => s.ServeAsync(answers.Answer));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        await collector.PollAsync(["load"], _ct).Guarded();
        answers["config load"] += ";vm7.label another";
        answers["fetch load"] += ";vm7.value 7";
        var poll = await collector.PollAsync(["load"], _ct).Guarded();
        Assert.Equal("load.load=0.5 load.vm7=7", Shown(poll));
        Assert.Empty(poll.Faults);
    }

    [Fact]
    public async Task Poll_FieldWithoutValue_IsUnknown_AndAFieldGoneFromTheConfigIsGone()
    {
        var answers = new Answers { ["config p"] = "a.label a;b.label b", ["fetch p"] = "a.value 1" };
        await using var server = new ScriptedNode(s => s.ServeAsync(answers.Answer));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        var poll = await collector.PollAsync(["p"], _ct).Guarded();
        Assert.Equal("the plugin sent no value for this field", poll.Readings["p.b"].UnknownBecause);
        Assert.Empty(poll.Faults);
        answers["config p"] = "a.label a";
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("p.a=1", Shown(await collector.PollAsync(["p"], _ct).Guarded()));
    }

    [Fact]
    public async Task Poll_DirtyConfig_NeedsNoFetch_UnlessAGraphCameWithoutValues()
    {
        var answers = new Answers
        {
            ["config dirty"] = "a.label a;a.value 1",
            ["fetch dirty"] = "a.value 2",
            ["config half"] = "multigraph h1;a.label a;a.value 1;multigraph h2;b.label b",
            ["fetch half"] = "multigraph h1;a.value 2;multigraph h2;b.value 3",
        };
        await using var server = new ScriptedNode(s => s.ServeAsync(answers.Answer));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        Assert.Equal("dirty.a=1 h1.a=2 h2.b=3", Shown(await collector.PollAsync(["dirty", "half"], _ct).Guarded()));
        Assert.Equal("config dirty, config half, fetch half", answers.TakeAsked());
        Assert.Equal("dirty.a=2 h1.a=2 h2.b=3", Shown(await collector.PollAsync(["dirty", "half"], _ct).Guarded()));
    }

    [Fact]
    public async Task Poll_SeveralStampedValues_RateIsThatOfTheLastTwo()
    {
        var answers = new Answers
        {
            ["config p"] = "a.type COUNTER",
            ["fetch p"] = "a.value 1699999980:100;a.value 1699999990:200;a.value 1699999995:400",
        };
        await using var server = new ScriptedNode(s => s.ServeAsync(answers.Answer));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        var reading = (await collector.PollAsync(["p"], _ct).Guarded()).Readings["p.a"];
        Assert.Equal(new MuninReading(40, DateTimeOffset.FromUnixTimeSeconds(1699999995), null), reading);
        _time.Advance(TimeSpan.FromSeconds(10)); // the plugin has measured nothing new
        Assert.Equal(reading, (await collector.PollAsync(["p"], _ct).Guarded()).Readings["p.a"]);
        answers["fetch p"] = "a.value 1700009999:100";
        Assert.Contains("ahead of this machine's clock", (await collector.PollAsync(["p"], _ct).Guarded()).Readings["p.a"].UnknownBecause);
    }

    [Fact]
    public async Task Poll_ClockWasSet_GivesNoRateAcrossTheStep()
    {
        var answers = CpuAndLoad();
        await using var server = new ScriptedNode(s => s.ServeAsync(answers.Answer));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        await collector.PollAsync(["cpu", "load"], _ct).Guarded();
        _time.Advance(TimeSpan.FromSeconds(10));
        _time.SetBy = TimeSpan.FromSeconds(50);
        answers["fetch cpu"] = "user.value 700;idle.value 7000";
        var poll = await collector.PollAsync(["cpu", "load"], _ct).Guarded();
        Assert.Equal("cpu.idle=? cpu.user=? load.load=0.5", Shown(poll));
        Assert.Equal("this machine's clock was set by +50.0 s", poll.Readings["cpu.user"].UnknownBecause);
    }

    [Fact]
    public async Task Poll_PluginForgotten_StartsAnewWhenAskedForAgain()
    {
        var answers = CpuAndLoad();
        await using var server = new ScriptedNode(s => s.ServeAsync(answers.Answer));
        await using var node = new MuninNode(server.Options, _time);
        var collector = new MuninCollector(node, _time);
        await collector.PollAsync(["cpu", "load"], _ct).Guarded();
        Assert.Equal("load.load=0.5", Shown(await collector.PollAsync(["load"], _ct).Guarded()));
        answers.TakeAsked();
        await collector.PollAsync(["cpu", "cpu"], _ct).Guarded();
        Assert.Equal("config cpu, fetch cpu", answers.TakeAsked());
    }
}
