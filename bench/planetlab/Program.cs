using Ulm.PlanetLab;
using Ulm.PlanetLab.Honest;

return args switch
{
    ["parity", .. var days] => ParityCommand.Run(Console.Out, days),
    ["site", var day, var path] => Site(day, path),
    _ => Usage(),
};

static int Site(string day, string path)
{
    SiteSnapshot.Write(path, TraceDay.Read(day), HostSwitching.Free);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run --project bench/planetlab -c Release -- COMMAND
          parity [DAY...]     the experiment's own policies, compared with the figures of the simulator they come from
        Days: 20110303 20110306 20110409; all of them where none is named.
        """);
    return 1;
}
