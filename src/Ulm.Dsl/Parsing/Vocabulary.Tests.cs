namespace Ulm.Dsl.Parsing;

/// <summary>The words and signs of tests.</summary>
public static partial class Vocabulary
{
    internal const string Test = "test", Site = "site", Start = "start", Expect = "expect", Nothing = "nothing", Pending = "pending", Fires = "fires",
        Refused = "refused", Times = "x", Missed = "_";

    internal const string OpenBrace = "{", CloseBrace = "}", Colon = ":";
}
