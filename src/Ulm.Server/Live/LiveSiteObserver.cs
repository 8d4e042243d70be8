using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Metrics;
using Ulm.Munin;

namespace Ulm.Server.Live;

/// <summary>
/// Sees a real site: libvirt tells which hosts answer and what runs there, munin how loaded they are, the BMC whether a silent host is
/// off. All hosts are asked at once, and one that hangs holds up no other. Called by one caller at a time.
/// </summary>
internal sealed class LiveSiteObserver : ISiteObserver
{
    private readonly ImmutableSortedDictionary<string, ManagedHost> _hosts;
    private readonly ImmutableSortedDictionary<string, HypervisorPoller> _pollers;
    private readonly IHostPower _power;
    private readonly PatientPolls<HypervisorPoll> _hypervisors;
    private readonly PatientPolls<MuninPoll> _munin;
    private readonly PatientPolls<PowerState> _bmcs;
    private readonly VmCpuRates _rates = new();
    private readonly GuestDefinitions _definitions = new();
    private readonly CpuJudge _cpus = new();
    private readonly SiteAssembler _assembler;

    public LiveSiteObserver(IEnumerable<ManagedHost> hosts, IHostPower power, TimeProvider time, TimeSpan pollingInterval)
    {
        _hosts = hosts.ToImmutableSortedDictionary(h => h.Config.Name, h => h, StringComparer.Ordinal);
        _pollers = _hosts.ToImmutableSortedDictionary(h => h.Key, h => new HypervisorPoller(h.Value), StringComparer.Ordinal);
        _power = power;
        var patience = TimeSpan.FromTicks(Math.Min((pollingInterval * 0.8).Ticks, TimeSpan.FromSeconds(10).Ticks));
        _hypervisors = new(time, patience, poll => poll.Failure is null);
        _munin = new(time, patience, poll => MuninReadings.Silence(poll) is null);
        _bmcs = new(time, patience, state => state != PowerState.Unknown);
        _assembler = new SiteAssembler(_definitions, _cpus);
    }

    public async Task<Observation> ObserveAsync(CancellationToken ct)
    {
        var hypervisors = _hypervisors.RoundAsync(_hosts.Keys, name => AskHypervisorAsync(name, ct), ct);
        var munin = _munin.RoundAsync(_assembler.Answering(_hosts.Keys), name => _hosts[name].Collector.PollAsync(MuninReadings.Plugins, ct), ct);
        var polls = await hypervisors;
        var silent = _hosts.Keys.Where(h => polls.GetValueOrDefault(h) is not { Failure: null }).ToList();
        var bmcs = await _bmcs.RoundAsync(silent.Where(h => _hosts[h].Config.Bmc is not null), name => _power.StateAsync(_assembler.HostOf(_hosts[name].Config), ct), ct);
        var faults = ImmutableArray.CreateBuilder<ObservedFault>();
        var site = _assembler.Assemble(_hosts.Values, polls, bmcs, _hypervisors.Patience, faults);
        var measurements = ImmutableArray.CreateBuilder<Measurement>();
        MeasureVms(site, polls, measurements);
        MeasureHosts(site, await munin, measurements, faults);
        return new Observation(site, measurements.ToImmutable(), faults.ToImmutable());
    }

    private async Task<HypervisorPoll> AskHypervisorAsync(string name, CancellationToken ct)
    {
        var host = _hosts[name];
        var poll = await _pollers[name].PollAsync(ct);
        if (poll.Failure is null)
        {
            await _definitions.LearnAsync(host, poll, ct);
            await _cpus.LearnAsync(host, _assembler.NeededCpus, ct);
        }

        return poll;
    }

    private void MeasureVms(Site site, IReadOnlyDictionary<string, HypervisorPoll> polls, ImmutableArray<Measurement>.Builder measurements)
    {
        foreach (var vm in site.Vms)
        {
            if (polls.GetValueOrDefault(vm.Host)?.Active.FirstOrDefault(d => d.Uuid == vm.Id) is not { } stats) continue;
            if (_rates.Next(vm.Host, stats) is { } cpu) measurements.Add(new(vm.Ref, PolicyAttribute.VmCpu, stats.CapturedAt, cpu));
            if ((stats.BalloonCurrentBytes ?? stats.BalloonMaximumBytes) is { } memory) measurements.Add(new(vm.Ref, PolicyAttribute.VmMemory, stats.CapturedAt, memory));
        }

        var present = site.Vms.Where(v => v.Id is not null).Select(v => v.Id!.Value).ToHashSet();
        _rates.Keep(present.Contains);
    }

    private void MeasureHosts(
        Site site, IReadOnlyDictionary<string, MuninPoll> polls, ImmutableArray<Measurement>.Builder measurements, ImmutableArray<ObservedFault>.Builder faults)
    {
        foreach (var host in site.Hosts.Where(h => h.State == HostState.On))
        {
            if (!polls.TryGetValue(host.Name, out var poll))
            {
                if (_assembler.AnsweredBefore(host.Name)) faults.Add(new($"{host.Name} munin", $"munin-node at {_hosts[host.Name].Node.Address} does not answer; nothing is decided on {host.Name} until it does"));
                continue;
            }

            if (MuninReadings.Silence(poll) is { } silent) faults.Add(new($"{host.Name} munin", $"{silent.Message}; nothing is decided on {host.Name} until it answers"));
            else foreach (var (plugin, fault) in poll.Faults) faults.Add(new($"{host.Name} munin {plugin}", fault.Message));
            measurements.AddRange(MuninReadings.Of(host.Name, host.Cpus, poll));
        }
    }
}
