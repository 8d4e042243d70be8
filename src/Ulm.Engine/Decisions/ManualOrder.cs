using Ulm.Engine.Inventory;

namespace Ulm.Engine.Decisions;

/// <summary>What a person wants done, by hand. It is planned, checked, counted and recorded like what a rule wants.</summary>
public abstract record ManualOrder
{
    private ManualOrder() { }

    public abstract SubjectRef Subject { get; }

    /// <summary>Empty the host and keep it closed.</summary>
    /// <param name="For">Let VMs in again after this time; null: when somebody says so.</param>
    public sealed record Drain(string Host, TimeSpan? For) : ManualOrder
    {
        public override SubjectRef Subject => SubjectRef.Host(Host);

        public override string ToString() => $"drain host {Host}{Lasting(For)}";
    }

    /// <summary>The same, and only where the other hosts have room for everything that runs there.</summary>
    /// <inheritdoc cref="Drain"/>
    public sealed record Maintenance(string Host, TimeSpan? For) : ManualOrder
    {
        public override SubjectRef Subject => SubjectRef.Host(Host);

        public override string ToString() => $"enter maintenance host {Host}{Lasting(For)}";
    }

    /// <summary>Let VMs in again, whatever kept them out.</summary>
    public sealed record Release(string Host) : ManualOrder
    {
        public override SubjectRef Subject => SubjectRef.Host(Host);

        public override string ToString() => $"release host {Host}";
    }

    public sealed record Migrate(string Vm, string Host) : ManualOrder
    {
        public override SubjectRef Subject => SubjectRef.Vm(Vm);

        public override string ToString() => $"migrate vm {Vm} to host {Host}";
    }

    public sealed record PowerOn(string Host) : ManualOrder
    {
        public override SubjectRef Subject => SubjectRef.Host(Host);

        public override string ToString() => $"power on host {Host}";
    }

    /// <summary>Power the host off, and keep it off.</summary>
    /// <param name="For">On again after this time, with its VMs returned; null: when somebody says so.</param>
    /// <param name="MoveVms">Move off what runs there first; false: only a host that runs nothing.</param>
    public sealed record PowerOff(string Host, TimeSpan? For, bool MoveVms) : ManualOrder
    {
        public override SubjectRef Subject => SubjectRef.Host(Host);

        public override string ToString() => $"{(MoveVms ? "empty and " : "")}power off host {Host}{Lasting(For)}";
    }

    private static string Lasting(TimeSpan? time) => time is { } given ? $" for {Show.Duration(given)}" : "";
}
