using System.Globalization;
using Spectre.Console;
using Ulm.Dsl.Policies;
using Ulm.Engine;
using Ulm.Server.Api;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands;

/// <summary>A running server's view of its site, for people.</summary>
internal static class StatusText
{
    /// <summary>VMs that can't be moved are named up to so many: a site may have hundreds.</summary>
    private const int MostTied = 10;

    public static void Print(StatusDocument status, Terminal terminal)
    {
        var output = terminal.Out;
        output.WriteLine($"{status.Site}, {Show.Time(status.At)}");
        if (status.HaltedBecause is { } halted) output.WriteLine($"NOT ACTING: {halted}");
        if (Lowered(status.Mode) is { } lowered) output.WriteLine(lowered);
        if (status.Lease is { } lease) output.WriteLine($"lease {lease.Token}: {lease.Holder}");
        PrintHosts(status, terminal);
        foreach (var tied in status.Vms.Where(v => v.NotMigratable is not null).Take(MostTied)) output.WriteLine($"vm {tied.Name} can't be moved off {tied.Host}: {tied.NotMigratable}");
        if (status.Vms.Count(v => v.NotMigratable is not null) - MostTied is var more and > 0) output.WriteLine($"and {more} more VMs can't be moved: `ulm-server vms` names them");
        foreach (var rule in status.Rules)
        {
            output.WriteLine(rule.Subjects.IsEmpty ? $"rule {rule.Name}: waiting" : $"rule {rule.Name}:");
            foreach (var s in rule.Subjects) output.WriteLine($"  {s.Subject} {s.State} for {Show.Duration(status.At - s.Since)}: {s.Values}");
        }

        foreach (var work in status.InFlight) output.WriteLine($"working on {work.Subject}: {work.Doing}");
        foreach (var hold in status.Holds) output.WriteLine($"{hold.Subject}: {Of(hold)}");
        foreach (var plan in status.Pending)
        {
            output.WriteLine($"plan {plan.Id} waits for `ulm-server approve {plan.Id}` until {Show.Time(plan.Expires)}:{(plan.Moved is { } moved ? $" but {moved}" : "")}");
            foreach (var step in plan.Steps) output.WriteLine($"  {step}");
        }

        foreach (var fault in status.Faults) output.WriteLine($"fault: {fault}");
    }

    public static void PrintHosts(StatusDocument status, Terminal terminal)
    {
        var hosts = SpectreConsole.Table("host", "state", "cpu", "memory", "VMs", "");
        foreach (var h in status.Hosts) hosts.AddRow(Cell(h.Name), Cell(h.State), Percent(h.Cpu), Percent(h.Memory), Cell(h.Vms.ToString(CultureInfo.InvariantCulture)), Cell(NotesOn(h)));
        SpectreConsole.Write(terminal, hosts);
    }

    public static void PrintVms(IReadOnlyCollection<VmStatus> vms, Terminal terminal)
    {
        var measured = vms.Any(v => v.DirtyMiBps is not null);
        var table = SpectreConsole.Table(["VM", "host", "cpu", "memory", .. measured ? (string[])["written"] : [], ""]);
        foreach (var v in vms) table.AddRow([Cell(v.Name), Cell(v.Host), Percent(v.Cpu), Cell(Show.Bytes(v.MemoryMiB << 20)), .. measured ? (Markup[])[Written(v)] : [], Cell(NotesOn(v))]);
        SpectreConsole.Write(terminal, table);
    }

    private static Markup Written(VmStatus vm) => Cell(vm.DirtyMiBps is { } dirty ? $"{Show.Bytes(dirty * (1 << 20))}/s" : "unknown");

    private static string NotesOn(VmStatus vm) => vm.Doing ?? (vm.Hold is { } hold ? Of(hold) : vm.Stays is { } stays ? $"stays: {stays}" : "");

    private static string? Lowered(RuleMode mode) => mode switch
    {
        RuleMode.Observe => "mode observe: what rules decide is told, and nothing of it is done",
        RuleMode.Recommend => "mode recommend: what rules decide is planned, and done once it is approved",
        _ => null,
    };

    private static string NotesOn(HostStatus host) => string.Join("; ", new[]
    {
        host.Order is { } order ? $"{order.What}, by {order.By}{(order.Because is { } because ? $" ({because})" : "")}{(order.Until is { } until ? $" until {Show.Time(until)}" : "")}" : null,
        host.MayGoOff,
        host.Hold is { } hold ? Of(hold) : null,
        host.Doing,
    }.OfType<string>());

    private static string Of(HoldDocument.Held hold) => $"held by {hold.By} until {Show.Time(hold.Until)}: {hold.Because}";

    private static Markup Cell(string text) => new(Markup.Escape(text));

    private static Markup Percent(double? value) => Cell(value is { } known ? Show.Percent(known) : "unknown");
}
