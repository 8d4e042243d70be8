namespace Ulm.Dsl.Parsing;

/// <summary>The words of conditions, triggers, guards, modifiers and definitions.</summary>
public static partial class Vocabulary
{
    internal const string Cron = "cron", On = "on", Have = "have", Hosts = "hosts", Calendar = "calendar";

    internal const string Is = "is", Idle = "idle", Empty = "empty", Off = "off", Draining = "draining", Maintenance = "maintenance",
        Any = "any", All = "all", Count = "count", Of = "of", Vms = "vms", HostIdle = "host.idle";

    internal const string Except = "except", Day = "day", Month = "month", Between = "between", Last = "last", File = "file";

    internal const string Joins = "joins", Leaves = "leaves", Fails = "fails", Returns = "returns", Starts = "starts", Stops = "stops";

    internal const string Where = "where", During = "during", Unless = "unless";

    internal const string Per = "per", Most = "most", Moves = "moves", Move = "move", Priority = "priority", Mode = "mode", Observe = "observe",
        Recommend = "recommend", Enforce = "enforce", Because = "because";
}
