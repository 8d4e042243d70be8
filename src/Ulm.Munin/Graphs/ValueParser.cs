using System.Globalization;

namespace Ulm.Munin;

/// <summary>
/// What may follow <c>field.value</c>: a number, <c>U</c>, or either behind a stamp <c>epoch:</c> (seconds, UTC).
/// A value that is none of these is unknown, with the cause; it does not cost the plugin's other values.
/// </summary>
internal static class ValueParser
{
    private const long LastEpoch = 253402300799; // 9999-12-31T23:59:59Z, the end of DateTimeOffset
    private static readonly Int128 IntegerLimit = (Int128)1 << 64;

    public static MuninValue Parse(string field, ReadOnlySpan<byte> text, DateTimeOffset capturedAt)
    {
        text = text.Trim(" \t"u8);
        var at = capturedAt;
        var colon = text.IndexOf((byte)':');
        if (colon >= 0)
        {
            var stamp = text[..colon];
            if (!stamp.SequenceEqual("N"u8)) // RRDtool's word for now
            {
                if (!long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) || epoch > LastEpoch)
                    return new(field, null, null, at, $"not a time stamp: {Excerpt.Of(stamp)}");
                at = DateTimeOffset.FromUnixTimeSeconds(epoch);
            }
            text = text[(colon + 1)..];
        }
        if (text.IsEmpty) return new(field, null, null, at, "the plugin sent no value");
        if (text is [(byte)'U' or (byte)'u']) return new(field, null, null, at, "the plugin says unknown (U)");
        if (Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            && Int128.Abs(whole) < IntegerLimit)
            return new(field, (double)whole, whole, at);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return new(field, number, null, at);
        return new(field, null, null, at, $"not a number: {Excerpt.Of(text)}");
    }
}
