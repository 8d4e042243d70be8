using System.IO.Enumeration;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>A stretch of time in which a fault is present on a host.</summary>
internal sealed record FaultWindow(FaultKind Kind, string Host, DateTimeOffset From, DateTimeOffset Until)
{
    public bool Covers(DateTimeOffset at) => From <= at && at < Until;
}

/// <summary>All that will go wrong in a run, laid out before it begins; what strikes single migrations and power orders is drawn as they come.</summary>
internal sealed class FaultSchedule
{
    public static readonly FaultSchedule None = new([], Site.Empty, 0, default, default);

    /// <summary>Shorter pauses than this are not drawn: a host that crashes as it comes up says nothing.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(FaultKind Kind, string Host), List<(FaultWindow Window, int Fault)>> _byHost = [];
    private readonly Dictionary<(int Fault, string Subject), int> _drawn = [];
    private readonly IReadOnlyList<SimulatedFault> _faults;
    private readonly int _seed;

    public FaultSchedule(IReadOnlyList<SimulatedFault> faults, Site site, int seed, DateTimeOffset start, DateTimeOffset end)
    {
        (_faults, _seed) = (faults, seed);
        for (var f = 0; f < faults.Count; f++)
        {
            foreach (var host in site.Hosts.Where(h => Matches(faults[f].Hosts, h.Name)))
            {
                var key = (faults[f].Kind, host.Name);
                if (!_byHost.TryGetValue(key, out var windows)) _byHost.Add(key, windows = []);
                foreach (var window in WindowsOf(faults[f], f, host.Name, start, end)) windows.Add((window, f));
            }
        }
    }

    public bool IsEmpty => _byHost.Count == 0;

    /// <summary>What is there for a time, whoever asks: silence and crashes.</summary>
    public IEnumerable<FaultWindow> Windows => _byHost.Where(w => w.Key.Kind is FaultKind.HostCrash or FaultKind.LibvirtSilent or FaultKind.MuninSilent)
        .SelectMany(w => w.Value).Select(w => w.Window).OrderBy(w => w.From).ThenBy(w => w.Host, StringComparer.Ordinal);

    public bool IsPresent(FaultKind kind, string host, DateTimeOffset at) =>
        _byHost.TryGetValue((kind, host), out var windows) && windows.Any(w => w.Window.Covers(at));

    /// <summary>True where an order to this host is struck. Each question is a new draw.</summary>
    public bool Strikes(FaultKind kind, string host, DateTimeOffset at) => Draw(kind, host, host, at, _ => true) is not null;

    /// <summary>How far a migration gets before it is struck, 0 to 1, or null: it is not. Each question is a new draw.</summary>
    public double? Strikes(FaultKind kind, Vm vm, Host from, Host to, DateTimeOffset at) =>
        Draw(kind, from.Name, vm.Name, at, f => Matches(f.Vms, vm.Name)) ?? Draw(kind, to.Name, vm.Name, at, f => Matches(f.Vms, vm.Name) && !Matches(f.Hosts, from.Name));

    private double? Draw(FaultKind kind, string host, string subject, DateTimeOffset at, Func<SimulatedFault, bool> concerned)
    {
        if (!_byHost.TryGetValue((kind, host), out var windows)) return null;
        foreach (var (_, fault) in windows.Where(w => w.Window.Covers(at) && concerned(_faults[w.Fault])))
        {
            var times = _drawn[(fault, subject)] = _drawn.GetValueOrDefault((fault, subject)) + 1;
            var drawn = SeededNumber.Of(_seed, subject, Key(fault, times));
            // Of the chances that strike, how far along the chance it fell is as good a draw as another.
            if (drawn < _faults[fault].Chance) return drawn / _faults[fault].Chance;
        }

        return null;
    }

    private IEnumerable<FaultWindow> WindowsOf(SimulatedFault fault, int index, string host, DateTimeOffset start, DateTimeOffset end)
    {
        var from = fault.At ?? start;
        if (fault.Every is not { } mean)
        {
            yield return new FaultWindow(fault.Kind, host, from, fault.For is { } time ? from + time : DateTimeOffset.MaxValue);
            yield break;
        }

        for (var n = 1; ; n++)
        {
            var pause = mean * -Math.Log(1 - SeededNumber.Of(_seed, host, Key(index, n)));
            from += pause > ShortestPause ? pause : ShortestPause;
            if (from >= end) yield break;
            var until = from + (fault.For ?? TimeSpan.MaxValue - TimeSpan.FromTicks(from.UtcTicks));
            yield return new FaultWindow(fault.Kind, host, from, until);
            from = until;
        }
    }

    private static long Key(int fault, int times) => ((long)(fault + 1) << 32) + times;

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
