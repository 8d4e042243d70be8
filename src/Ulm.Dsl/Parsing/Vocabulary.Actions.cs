namespace Ulm.Dsl.Parsing;

/// <summary>The words of actions.</summary>
public static partial class Vocabulary
{
    internal const string Lightest = "lightest", Network = "network", Coolest = "coolest", Fullest = "fullest", Drain = "drain", Least = "least",
        Below = "below", Suspend = "suspend", Shut = "shut", Down = "down", Enter = "enter", Leave = "leave", Notify = "notify", Via = "via",
        Run = "run", Hook = "hook";
}
