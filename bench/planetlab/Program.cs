using Ulm.PlanetLab;
using Ulm.PlanetLab.Honest;

return args switch
{
    ["parity", .. var days] => ParityCommand.Run(Console.Out, days),
    ["honest", .. var days] => await HonestCommand.RunAsync(Console.Out, days),
    ["site", var day, var path] => WriteSite(day, path),
    _ => Usage(),
};

static int WriteSite(string day, string path)
{
    SiteSnapshot.Write(path, TraceDay.Named([day]).Single(), HostSwitching.Free);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run --project bench/planetlab -c Release -- COMMAND
          parity [DAY...]    the experiment's own policies, compared with the figures of the simulator they come from
          honest [DAY...]    ULM's policies (consolidate.ulm) where VMs stay and hold their memory, beside the best of the experiment's
          site DAY FILE      the site of a day as a snapshot for ulm-server simulate; data/DAY.tsv.gz is the trace
        Days: 20110303 20110306 20110409, and for honest seed-N, a day that never was; all of them where none is named.
        """);
    return 1;
}
