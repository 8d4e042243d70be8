using System.Globalization;
using Ulm.Dsl.Text;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;
using Ulm.Server.Commands;

namespace Ulm.Server.Api.Manual;

/// <summary>An order as it comes over the socket; <c>POST /api/v1/orders</c>.</summary>
/// <param name="Order">One of <see cref="Orders"/>.</param>
/// <param name="For">Duration, such as <c>2h</c>; of those that may end by themselves.</param>
/// <param name="MoveVms">Of a power-off: move off what runs there first.</param>
/// <param name="OnBehalfOf">Whom the client says it works for, beside the user that the system says it is.</param>
public sealed record OrderRequest(string Order, string? Host, string? Vm, string? For, bool MoveVms, string? Because, string? OnBehalfOf, bool DryRun)
{
    public const string Drain = "drain", Release = "release", Maintenance = "maintenance", Migrate = "migrate", PowerOn = "powerOn", PowerOff = "powerOff";

    public static readonly string[] Orders = [Drain, Release, Maintenance, Migrate, PowerOn, PowerOff];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <exception cref="CommandFailedException">It names what is not there, or makes no sense.</exception>
    internal ManualOrder ToOrder(Site site)
    {
        var time = For is null ? (TimeSpan?)null : TimeText.Duration(For, "--for", TimeSpan.FromMinutes(1), Longest);
        return Order switch
        {
            Drain => new ManualOrder.Drain(HostOf(site), time),
            Release => new ManualOrder.Release(HostOf(site)),
            Maintenance => new ManualOrder.Maintenance(HostOf(site), time),
            Migrate => new ManualOrder.Migrate(SiteNaming.Vm(site, Vm ?? ""), HostOf(site)),
            PowerOn => new ManualOrder.PowerOn(HostOf(site)),
            PowerOff => new ManualOrder.PowerOff(HostOf(site), time, MoveVms),
            _ => throw new CommandFailedException($"there is no order `{Order}`; there are {Words.List(Orders, "and")}"),
        };
    }

    private string HostOf(Site site) => SiteNaming.Host(site, Host ?? "");
}

/// <summary>Finds what somebody means by a name, or says which one is nearest.</summary>
internal static class SiteNaming
{
    /// <param name="name"><c>h3</c> or <c>host/h3</c>.</param>
    public static string Host(Site site, string name) => Find("host", name, site.Hosts.Select(h => h.Name));

    /// <param name="name"><c>web1</c> or <c>vm/web1</c>.</param>
    public static string Vm(Site site, string name) => Find("vm", name, site.Vms.Select(v => v.Name));

    /// <param name="name"><c>host/h3</c>, <c>vm/web1</c>, or a name that only one of the two has.</param>
    public static SubjectRef HostOrVm(Site site, string name)
    {
        if (name.StartsWith("host/", StringComparison.Ordinal)) return SubjectRef.Host(Host(site, name));
        if (name.StartsWith("vm/", StringComparison.Ordinal)) return SubjectRef.Vm(Vm(site, name));
        return (site.FindHost(name), site.FindVm(name)) switch
        {
            ({ } host, null) => host.Ref,
            (null, { } vm) => vm.Ref,
            ({ }, { }) => throw new CommandFailedException($"there are a host and a VM of the name `{name}`: write host/{name} or vm/{name}"),
            _ => throw Unknown("host or VM", name, site.Hosts.Select(h => $"host/{h.Name}").Concat(site.Vms.Select(v => $"vm/{v.Name}")), n => n[(n.IndexOf('/') + 1)..]),
        };
    }

    private static string Find(string kind, string name, IEnumerable<string> known)
    {
        var bare = name.StartsWith($"{kind}/", StringComparison.Ordinal) ? name[(kind.Length + 1)..] : name;
        var names = known.ToList();
        return names.Contains(bare, StringComparer.Ordinal) ? bare : throw Unknown(kind, bare, names, n => n);
    }

    private static CommandFailedException Unknown(string kind, string name, IEnumerable<string> known, Func<string, string> bare)
    {
        var names = known.ToList();
        var near = NearestWord.Find(name, names.Select(bare));
        if (names.Count == 0) return new CommandFailedException($"there is no {kind} `{name}`: the server has seen none yet; right after its start it has still to look");
        var help = near is not null ? $"; did you mean {names.First(n => bare(n) == near)}?" : string.Create(CultureInfo.InvariantCulture, $"; the site has {names.Count} of them");
        return new CommandFailedException($"there is no {kind} `{name}`{help}");
    }
}
