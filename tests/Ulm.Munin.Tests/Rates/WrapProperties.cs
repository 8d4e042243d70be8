using CsCheck;

namespace Ulm.Munin.Tests;

public class WrapProperties
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly Int128 Two64 = (Int128)1 << 64;

    private static MuninReading Read(MuninFieldType type, Int128 before, Int128 now, double? min = null)
    {
        var rate = new RateCalculator(type, min, null, TimeSpan.FromMinutes(10));
        rate.Next(new MuninValue("f", (double)before, before, Start));
        return rate.Next(new MuninValue("f", (double)now, now, Start.AddSeconds(1)));
    }

    [Fact]
    public void A32BitCounter_ThatMovesLessThanHalfItsRange_GivesTheDistance() =>
        Gen.Select(Gen.UInt, Gen.UInt[0, 1u << 31]).Sample((before, step) =>
        {
            var now = unchecked(before + step);
            return Read(MuninFieldType.Counter, before, now).Value == step;
        });

    [Fact]
    public void A64BitCounter_ThatMovesLessThanHalfItsRange_GivesTheDistance() =>
        // above 2^32 a counter can't be mistaken for one of 32 bits
        Gen.Select(Gen.ULong[1ul << 32, ulong.MaxValue], Gen.ULong[0, 1ul << 63]).Sample((before, step) =>
        {
            var now = unchecked(before + step);
            return Read(MuninFieldType.Counter, before, now).Value == step;
        });

    [Fact]
    public void ACounter_IsNeverNegative_AndNeverMovesMoreThanHalfOf64Bits_UnlessItRose() =>
        Gen.Select(Gen.ULong, Gen.ULong).Sample((before, now) =>
            Read(MuninFieldType.Counter, before, now) is { } r && (r.Value is null
                ? now < before && r.UnknownBecause is not null
                : now >= before ? r.Value == now - before : r.Value is >= 0 and <= 9223372036854775808d));

    [Fact]
    public void ADerive_GivesTheDifferenceOrOwnsUp() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Bool).Sample((before, now, fromZero) =>
        {
            var reading = Read(MuninFieldType.Derive, before, now, fromZero ? 0 : null);
            return fromZero && now < before
                ? reading is { Value: null, UnknownBecause: not null }
                : reading.Value == (double)((Int128)now - before);
        });

    [Fact]
    public void EveryRawText_GivesExactlyOneOfValueAndCause() =>
        Gen.Select(Gen.Byte.Array[0, 30], Gen.Enum<MuninFieldType>()).Sample((bytes, type) =>
        {
            var raw = ValueParser.Parse("f", bytes, Start);
            var rate = new RateCalculator(type, null, null, TimeSpan.FromMinutes(10));
            rate.Next(new MuninValue("f", 1, 1, Start));
            var reading = rate.Next(raw with { At = Start.AddSeconds(1) });
            return (raw.Value is null) != (raw.UnknownBecause is null) && (reading.Value is null) != (reading.UnknownBecause is null)
                && (raw.Integer is not { } whole || Int128.Abs(whole) < Two64);
        });
}
