using System.Collections.Immutable;
using Ulm.Dsl;

namespace Ulm.Bench;

/// <summary>
/// Policies of a site that has written down much: rules of every kind, none like another. <c>dotnet run -c Release -- policies FOLDER</c> writes
/// 10,000 sentences, for <c>ulm-server validate FOLDER</c>.
/// </summary>
internal static class ManyRules
{
    /// <summary>No file may hold more than 5,000.</summary>
    private const int PerFile = 4_900;

    private static readonly string[] Actions =
    [
        "evacuate heaviest fitting vm by cpu", "evacuate lightest vm by memory to coolest host", "evacuate 2 heaviest fitting vms to hosts where host.cpu < 40%",
        "balance by memory to within 15%", "notify \"{host.name} is at {host.cpu}\" via ops",
    ];

    private const string Definitions = """
        timezone "Europe/Copenhagen"
        let busy = host.cpu > 75% and host.load > 2
        hosts edge = named "edge-*" and tagged "ssd"
        calendar holidays = 2026-12-24 to 2026-12-26, 2027-01-01
        let office = 07:00-20:00 weekdays except holidays
        always keep 2 hosts on
        reserve 1 host

        """;

    public static ImmutableArray<SourceText> Files(int count) =>
        [.. Enumerable.Range(0, (count + PerFile - 1) / PerFile).Select(f => new SourceText($"rules-{f}.ulm", Text(f * PerFile, Math.Min(count, (f + 1) * PerFile))))];

    /// <summary>Those from a number to before another; the first have the definitions that all use before them.</summary>
    public static string Text(int from, int to) => (from == 0 ? Definitions : "") + string.Join('\n', Enumerable.Range(from, to - from).Select(Rule)) + "\n";

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Files(10_000)) File.WriteAllText(Path.Combine(folder, file.Name), file.Text);
    }

    private static string Rule(int i)
    {
        var random = new Random(i);
        int Some(int least, int most) => random.Next(least, most + 1);
        return (i % 6) switch
        {
            0 => $"""
                # Since the spring these have been tight.
                policy relieve-{i}
                  when host.cpu > {Some(50, 90)}% and named "node{i:00000}-*" and (host.memory < {Some(10, 90)}% or busy) for {Some(5, 25)}m
                  then {Actions[Some(0, 4)]}
                  until host.cpu < {Some(20, 40)}%
                  cooldown {Some(10, 40)}m per host

                """,
            1 => $"""
                policy receives-much-{i}
                  when avg(host.net.in, {Some(5, 30)}m) > {Some(20, 80)}MiB/s and not host is draining
                  where tagged "rack{Some(1, 400)}"
                  during office
                  then {Actions[0]}
                  at most {Some(1, 5)} moves per 1h

                """,
            2 => $"""
                policy night-{i}
                  at {Some(18, 23):00}:{Some(0, 59):00} weekdays
                  in cluster c{Some(1, 300)}
                  consolidate to at least {Some(2, 9)} hosts below {Some(40, 49)}% cpu and {Some(70, 95)}% memory
                  priority {Some(0, 50)}

                """,
            3 => $"""
                policy tight-{i}
                  when any host (host.cpu > {Some(60, 90)}% and is edge) and count of hosts (is idle) >= {Some(1, 5)} for {Some(3, 9)}m
                  then notify "the cluster is tight" via mail
                  because "ticket {i}"

                """,
            4 => $"""
                policy guest-{i}
                  when vm.cpu > {Some(70, 95)}% and vm.memory > {Some(1, 16)}GiB and host.memory.free < {Some(1, 6)}GiB for {Some(2, 8)}m
                  unless host.munin["backup.running"] > 0
                  then evacuate heaviest fitting vm
                  mode recommend

                """,
            _ => $"""
                keep apart vms tagged "db{i}"

                """,
        };
    }
}
