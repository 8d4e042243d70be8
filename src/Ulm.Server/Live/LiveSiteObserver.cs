using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Libvirt;

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
    private readonly TimeProvider _time;
    private readonly PatientPolls<HypervisorPoll> _hypervisors;
    private readonly MuninRounds _munin;
    private readonly PatientPolls<PowerState> _bmcs;
    private readonly VmFigures _vmFigures = new();
    private readonly VmStarts _starts = new();
    private readonly GuestDefinitions _definitions;
    private readonly CpuJudge _cpus = new();
    private readonly DirtyRates _dirtyRates = new();
    private readonly SiteAssembler _assembler;

    /// <param name="localStorage">Folders of hosts that are each host's own: VMs with disks there stay.</param>
    public LiveSiteObserver(IEnumerable<ManagedHost> hosts, IHostPower power, TimeProvider time, TimeSpan pollingInterval, IReadOnlyList<string> localStorage)
    {
        _hosts = hosts.ToImmutableSortedDictionary(h => h.Config.Name, h => h, StringComparer.Ordinal);
        _pollers = _hosts.ToImmutableSortedDictionary(h => h.Key, h => new HypervisorPoller(h.Value), StringComparer.Ordinal);
        (_power, _time) = (power, time);
        var patience = TimeSpan.FromTicks(Math.Min((pollingInterval * 0.8).Ticks, TimeSpan.FromSeconds(10).Ticks));
        _hypervisors = new(time, patience, poll => poll.Failure is null);
        _munin = new(_hosts, time, patience);
        _bmcs = new(time, patience, state => state != PowerState.Unknown);
        _definitions = new GuestDefinitions(localStorage);
        _assembler = new SiteAssembler(_definitions, _cpus, _dirtyRates);
    }

    public async Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
    {
        var hypervisors = _hypervisors.RoundAsync(_hosts.Keys, name => AskHypervisorAsync(name, ct), ct);
        var munin = _munin.AskAsync(_assembler.Answering(_hosts.Keys), reads, ct);
        var polls = await hypervisors;
        var silent = _hosts.Keys.Where(h => polls.GetValueOrDefault(h) is not { Failure: null }).ToList();
        foreach (var name in _hosts.Keys.Except(silent)) _power.Answered(_assembler.HostOf(_hosts[name].Config));
        var bmcs = await _bmcs.RoundAsync(silent.Where(h => _hosts[h].Config.Power is not null), name => _power.StateAsync(_assembler.HostOf(_hosts[name].Config), ct), ct);
        var faults = ImmutableArray.CreateBuilder<ObservedFault>();
        var site = _assembler.Assemble(_hosts.Values, polls, bmcs, _hypervisors.Patience, faults);
        _starts.Look(site, vm => StatsOf(vm, polls), _time.GetUtcNow());
        foreach (var host in _hosts.Keys)
        {
            if (_dirtyRates.CannotBecause(host) is { } why)
                faults.Add(new($"{host} dirty rates", $"how fast VMs on {host} write to their memory can't be measured; plans take it for nothing: {why}") { Over = "are measured" });
        }

        var answers = await munin;
        foreach (var host in site.Hosts.Where(h => h.State == HostState.On && _assembler.AnsweredBefore(h.Name))) faults.AddRange(_munin.FaultsOf(host.Name, answers));
        var figures = new ObservedFigures();
        MeasureVms(site, reads, polls, answers, figures);
        MeasureHosts(site, reads, answers, figures);
        return new Observation(site, figures.Measured, faults.ToImmutable()) { Unmeasured = figures.Unmeasured, Restarted = _assembler.Restarted, Uptimes = _assembler.Uptimes };
    }

    private async Task<HypervisorPoll> AskHypervisorAsync(string name, CancellationToken ct)
    {
        var host = _hosts[name];
        var poll = await _pollers[name].PollAsync(ct);
        if (poll.Failure is null)
        {
            await _definitions.LearnAsync(host, poll, ct);
            await _cpus.LearnAsync(host, _assembler.NeededCpus, ct);
            _dirtyRates.Learn(name, poll, guest => host.MeasuringLibvirt.StartDirtyRateAsync(guest, ct));
        }
        else _dirtyRates.Forget(name);

        return poll;
    }

    private void MeasureVms(
        Site site, IReadOnlySet<PolicyAttribute> reads, IReadOnlyDictionary<string, HypervisorPoll> polls, MuninRound answers, ObservedFigures figures)
    {
        var wanted = reads.Where(a => a.Subject == SubjectKind.Vm).ToList();
        foreach (var vm in site.Vms)
        {
            if (StatsOf(vm, polls) is not { } stats) continue;
            foreach (var attribute in wanted)
            {
                if (attribute == PolicyAttribute.VmUptime) figures.Note(vm.Ref, attribute, _starts.Uptime(vm, stats.CapturedAt));
                else if (attribute.MuninField is { } field)
                    figures.Note(vm.Ref, attribute, answers.AnswerFor(attribute, vm.Host) is { } answer ? VmMuninFields.Of(field, stats.Name, polls[vm.Host].Active.Select(d => d.Name), answer) : Silent(vm.Host, answers));
                else if (_vmFigures.Of(attribute, vm.Host, stats) is { } figure) figures.Note(vm.Ref, attribute, figure);
            }
        }

        var present = site.Vms.Where(v => v.Id is not null).Select(v => v.Id!.Value).ToHashSet();
        _vmFigures.Keep(present.Contains);
        _dirtyRates.Keep(present.Contains);
        _definitions.Keep(present.Contains);
    }

    private void MeasureHosts(Site site, IReadOnlySet<PolicyAttribute> reads, MuninRound answers, ObservedFigures figures)
    {
        var wanted = reads.Where(a => a.Subject == SubjectKind.Host && HostFigures.IsMunins(a)).ToList();
        foreach (var host in site.Hosts.Where(h => h.State == HostState.On))
        {
            foreach (var attribute in wanted)
                figures.Note(host.Ref, attribute, answers.AnswerFor(attribute, host.Name) is { } answer ? HostFigures.Of(attribute, host.Cpus, answer)!.Value : Silent(host.Name, answers));
        }
    }

    private static DomainStats? StatsOf(Vm vm, IReadOnlyDictionary<string, HypervisorPoll> polls) =>
        polls.GetValueOrDefault(vm.Host)?.Active.FirstOrDefault(d => d.Uuid == vm.Id);

    private Figure Silent(string host, MuninRound answers) => Figure.Unknown(
        !_assembler.AnsweredBefore(host) ? $"{host} has only just come; its munin-node is asked from the next poll on"
        : answers.Basic.GetValueOrDefault(host) is { Silence: null } ? $"{host}'s munin-node has not answered for its slower plugins yet"
        : $"munin-node of {host} ({_hosts[host].Munin.Address}) does not answer");
}
