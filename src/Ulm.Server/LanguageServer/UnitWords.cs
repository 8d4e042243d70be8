using Ulm.Dsl.Policies;

namespace Ulm.Server.LanguageServer;

/// <summary>Units in words, for people.</summary>
internal static class UnitWords
{
    public static string Of(Unit unit) => unit switch
    {
        Unit.Percent => "per cent",
        Unit.Count => "a count",
        Unit.Bytes => "bytes",
        Unit.BytesPerSecond => "bytes per second",
        Unit.Seconds => "a duration",
        Unit.Watts => "watts",
        _ => "as the plugin says",
    };
}
