using Ulm.PlanetLab;
using Ulm.PlanetLab.Honest;

return args switch
{
    ["parity", .. var days] => ParityCommand.Run(Console.Out, days),
    ["honest", .. var days] => await HonestCommand.RunAsync(Console.Out, days),
    ["site", var day, var site, var trace] => WriteSite(day, site, trace),
    _ => Usage(),
};

static int WriteSite(string name, string site, string trace)
{
    var day = TraceDay.Named([name]).Single();
    SiteSnapshot.Write(site, day, HostSwitching.Free);
    SiteSnapshot.WriteTrace(trace, day);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run --project bench/planetlab -c Release -- COMMAND
          parity [DAY...]    the experiment's own policies, compared with the figures of the simulator they come from
          honest [DAY...]    ULM's policies (consolidate.ulm) where VMs stay and hold their memory, beside the best of the experiment's
          site DAY FILE FILE    the site of a day and its loads, for ulm-server simulate --site and --trace
        Days: 20110303 20110306 20110409, and for honest seed-N, a day that never was; all of them where none is named.
        """);
    return 1;
}
