using Ulm.PlanetLab;

return args switch
{
    ["parity", .. var days] => ParityCommand.Run(Console.Out, days),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run --project bench/planetlab -c Release -- COMMAND
          parity [DAY...]     the experiment's own policies, compared with the figures of the simulator they come from
        Days: 20110303 20110306 20110409; all of them where none is named.
        """);
    return 1;
}
