namespace Ulm.Dsl.Policies;

/// <summary>What a load is measured by when VMs are compared or hosts evened out.</summary>
public enum Resource
{
    Cpu,
    Memory,

    /// <summary>Bytes in and out per second; only for choosing VMs.</summary>
    Network,
}

/// <summary>Which VM of a host goes first.</summary>
public enum VmOrder
{
    Heaviest,
    Lightest,
}

/// <summary>Which of the hosts that can take a VM gets it.</summary>
public enum HostPreference
{
    /// <summary>The one that is least full afterwards.</summary>
    Coolest,

    /// <summary>The one that is fullest afterwards.</summary>
    Fullest,
}

/// <summary>What a rule does when it fires.</summary>
public abstract record PolicyAction
{
    private PolicyAction() { }

    /// <summary>It changes nothing at the site by itself.</summary>
    public bool OnlyTells => this is Notify or RunHook;

    /// <summary><c>evacuate [N] heaviest / lightest [fitting] vm(s) [by cpu / memory / network] [to coolest / fullest host] [to hosts where COND]</c>.</summary>
    /// <param name="Fitting">True: while a VM fits nowhere, try the next one. False: only the first is tried.</param>
    /// <param name="By">As written, else the resource the rule's condition reads (memory if it reads memory and not CPU or load).</param>
    public sealed record Evacuate(bool Fitting, Resource By) : PolicyAction
    {
        /// <summary>How many VMs one firing moves, at least 1.</summary>
        public int Count { get; init; } = 1;

        public VmOrder Order { get; init; } = VmOrder.Heaviest;

        public HostPreference To { get; init; } = HostPreference.Coolest;

        /// <summary>Only hosts for which this holds take VMs; unknown means no. Null: all.</summary>
        public Condition? ToHostsWhere { get; init; }
    }

    /// <summary><c>evacuate all vms</c>, <c>drain host</c>: empty the rule's host (or the named one); it takes no VM until released.</summary>
    /// <param name="Host">Null: the host that the rule fired for.</param>
    public sealed record Drain(string? Host) : PolicyAction;

    /// <summary><c>balance [by cpu / memory] [to within N%]</c>: move as little as needed so that hosts differ by no more.</summary>
    /// <param name="TolerancePercent">In percentage points; 10 where the sentence has no <c>to within</c>.</param>
    public sealed record Balance(Resource By, double TolerancePercent) : PolicyAction
    {
        /// <summary>
        /// True where the sentence names neither resource nor tolerance: once hosts differ by more than the tolerance in any resource, all of them
        /// are evened out, not only to the tolerance but as far as a move is worth its copying.
        /// </summary>
        public bool Thorough { get; init; }
    }

    /// <summary><c>consolidate [to at least N hosts] [below N% cpu [and N% memory]]</c>: empty as many hosts as the constraints allow, all or nothing for each host.</summary>
    public sealed record Consolidate : PolicyAction
    {
        /// <summary>This many hosts of each cluster keep running VMs, or stand by for them. Null: no such floor.</summary>
        public int? ToAtLeastHosts { get; init; }

        /// <summary>How full hosts may get by this action, per cent. Null: the site's limits.</summary>
        public double? BelowCpuPercent { get; init; }

        public double? BelowMemoryPercent { get; init; }
    }

    /// <summary><c>power off idle hosts [keeping N spare]</c>.</summary>
    public sealed record PowerOffIdle(int KeepSpare) : PolicyAction;

    /// <summary><c>suspend idle hosts [keeping N spare]</c>: to memory, where the host can.</summary>
    public sealed record SuspendIdle(int KeepSpare) : PolicyAction;

    /// <summary><c>power on N host(s)</c>.</summary>
    public sealed record PowerOn(int Count) : PolicyAction;

    /// <summary><c>power on hosts until COND</c>: one after another, each judged by the condition over clusters once the last one is on.</summary>
    public sealed record PowerOnUntil(Condition Until) : PolicyAction;

    /// <summary><c>shut down host NAME [for DURATION]</c>: drain, then power off; with a duration, on again afterwards and its VMs returned.</summary>
    public sealed record ShutDown(string Host, TimeSpan? For) : PolicyAction;

    /// <summary><c>enter maintenance host NAME</c>: drain and keep out.</summary>
    public sealed record EnterMaintenance(string Host) : PolicyAction;

    /// <summary><c>leave maintenance host NAME</c>: let in again.</summary>
    public sealed record LeaveMaintenance(string Host) : PolicyAction;

    /// <summary><c>migrate vm NAME to host NAME</c>: that move, or a refusal that says why.</summary>
    public sealed record MigrateVm(string Vm, string Host) : PolicyAction;

    /// <summary><c>notify "TEXT" [via NAME]</c>; <c>{host.name}</c>, <c>{host.cpu}</c>, ... are filled in.</summary>
    /// <param name="Via">A channel from the server's configuration. Null: its default one.</param>
    public sealed record Notify(string Text, string? Via) : PolicyAction;

    /// <summary><c>run hook NAME</c>: a command from the server's configuration, never one from a policy.</summary>
    public sealed record RunHook(string Name) : PolicyAction;
}
