namespace Ulm.Munin.Tests;

public class RateCalculatorTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private static MuninValue Raw(string text, double atSeconds) =>
        ValueParser.Parse("f", System.Text.Encoding.ASCII.GetBytes(text), Start.AddSeconds(atSeconds));

    private static List<MuninReading> Feed(MuninFieldType type, double? min, double? max, params (string Raw, double At)[] samples)
    {
        var rate = new RateCalculator(type, min, max, TimeSpan.FromMinutes(10));
        return [.. samples.Select(s => rate.Next(Raw(s.Raw, s.At)))];
    }

    [Theory]
    // type, min, max, first raw value, second raw value, seconds between, expected reading
    [InlineData(MuninFieldType.Gauge, null, null, "1", "2.5", 10, 2.5)]
    [InlineData(MuninFieldType.Gauge, null, null, "1", "-3e2", 10, -300)]
    [InlineData(MuninFieldType.Derive, 0d, null, "100", "350", 10, 25)]
    [InlineData(MuninFieldType.Derive, null, null, "350", "100", 10, -25)]
    [InlineData(MuninFieldType.Derive, -30d, null, "350", "100", 10, -25)]
    [InlineData(MuninFieldType.Derive, 0d, null, "1.5", "4", 10, 0.25)]
    [InlineData(MuninFieldType.Derive, 0d, null, "100", "101", 0.25, 4)]
    [InlineData(MuninFieldType.Derive, 0d, null, "18446744073709551000", "18446744073709551010", 10, 1)] // beyond what doubles can tell apart
    [InlineData(MuninFieldType.Counter, null, null, "100", "350", 10, 25)]
    [InlineData(MuninFieldType.Counter, null, null, "4294967290", "4", 10, 1)]
    [InlineData(MuninFieldType.Counter, null, null, "18446744073709551610", "4", 10, 1)]
    [InlineData(MuninFieldType.Counter, null, null, "4294967290", "4294967300", 10, 1)] // 64 bits, passing 2^32
    [InlineData(MuninFieldType.Counter, null, null, "2147483648", "0", 2, 1073741824)] // just half the range
    [InlineData(MuninFieldType.Counter, null, null, "7", "7", 10, 0)]
    [InlineData(MuninFieldType.Absolute, null, null, "1000", "50", 10, 5)]
    [InlineData(MuninFieldType.Gauge, 0d, 100d, "1", "100", 10, 100)] // limits are part of the range
    [InlineData(MuninFieldType.Gauge, 0d, 100d, "1", "0", 10, 0)]
    public void Next_SecondSample_GivesReading(MuninFieldType type, double? min, double? max, string first, string second, double seconds, double expected)
    {
        var reading = Feed(type, min, max, (first, 0), (second, seconds))[1];
        Assert.Equal(new MuninReading(expected, Start.AddSeconds(seconds), null), reading);
    }

    [Theory]
    [InlineData(MuninFieldType.Derive, 0d, null, "5000", "3", 10, "DERIVE fell from 5000 to 3: restarted")]
    [InlineData(MuninFieldType.Derive, 0d, null, "5000.5", "3.5", 10, "DERIVE fell from 5000.5 to 3.5: restarted")]
    [InlineData(MuninFieldType.Derive, -5d, null, "350", "100", 10, "-25 is below the plugin's minimum of -5")]
    [InlineData(MuninFieldType.Derive, 0d, 100d, "0", "2000", 10, "200 is above the plugin's maximum of 100")]
    [InlineData(MuninFieldType.Counter, null, null, "1000000", "5", 10, "COUNTER fell from 1000000 to 5: restarted")]
    [InlineData(MuninFieldType.Counter, null, null, "2147483647", "0", 10, "COUNTER fell from 2147483647 to 0: restarted")]
    [InlineData(MuninFieldType.Counter, null, null, "4294967301", "10", 10, "COUNTER fell from 4294967301 to 10: restarted")] // can't be 32 bits
    [InlineData(MuninFieldType.Counter, null, null, "10.5", "9.5", 10, "COUNTER fell from 10.5 to 9.5: restarted")]
    [InlineData(MuninFieldType.Counter, null, 1000d, "4294967290", "999999999", 10, "100000000.5 is above the plugin's maximum of 1000")]
    [InlineData(MuninFieldType.Counter, null, null, "10", "-9", 10, "COUNTER can't be negative: -9")]
    [InlineData(MuninFieldType.Absolute, null, null, "10", "-9", 10, "ABSOLUTE can't be negative: -9")]
    [InlineData(MuninFieldType.Absolute, null, 4d, "10", "50", 10, "5 is above the plugin's maximum of 4")]
    [InlineData(MuninFieldType.Gauge, 0d, null, "1", "-1", 10, "-1 is below the plugin's minimum of 0")]
    [InlineData(MuninFieldType.Gauge, null, 100d, "1", "101", 10, "101 is above the plugin's maximum of 100")]
    [InlineData(MuninFieldType.Gauge, null, null, "1", "U", 10, "the plugin says unknown (U)")]
    [InlineData(MuninFieldType.Derive, null, null, "1", "U", 10, "the plugin says unknown (U)")]
    [InlineData(MuninFieldType.Gauge, null, null, "1", "NaN", 10, "not a number: 'NaN'")]
    [InlineData(MuninFieldType.Gauge, null, null, "1", "1e999", 10, "not a number: '1e999'")]
    [InlineData(MuninFieldType.Gauge, null, null, "1", "", 10, "the plugin sent no value")]
    [InlineData(MuninFieldType.Derive, null, null, "1", "2", 601, "captured 601 s after the last sample, more than 600 s")]
    [InlineData(MuninFieldType.Derive, null, null, "1", "2", -3, "captured 3 s before the last sample")]
    [InlineData(MuninFieldType.Absolute, null, null, "1", "1e308", 1e-7, "the rate is too large to be a number")]
    public void Next_SecondSample_IsUnknownWithCause(MuninFieldType type, double? min, double? max, string first, string second, double seconds, string because)
    {
        var reading = Feed(type, min, max, (first, 0), (second, seconds))[1];
        Assert.Equal(new MuninReading(null, Start.AddSeconds(seconds), because), reading);
    }

    [Theory]
    [InlineData(MuninFieldType.Derive)]
    [InlineData(MuninFieldType.Counter)]
    [InlineData(MuninFieldType.Absolute)]
    public void Next_FirstSample_NeedsTwo(MuninFieldType type) =>
        Assert.Equal("a rate needs two samples, this is the first", Feed(type, null, null, ("5", 0))[0].UnknownBecause);

    [Fact]
    public void Next_FirstSampleOfGauge_IsKnown() => Assert.Equal(5, Feed(MuninFieldType.Gauge, null, null, ("5", 0))[0].Value);

    [Theory]
    [InlineData(MuninFieldType.Derive)]
    [InlineData(MuninFieldType.Counter)]
    [InlineData(MuninFieldType.Absolute)]
    public void Next_AfterUnknown_StartsAnew(MuninFieldType type)
    {
        var readings = Feed(type, 0, null, ("0", 0), ("100", 10), ("U", 20), ("300", 30), ("400", 40));
        Assert.Equal("a rate needs two samples, this is the first since an unknown one", readings[3].UnknownBecause);
        Assert.NotNull(readings[4].Value);
    }

    [Fact]
    public void Next_AfterRestart_RatesGoOnFromTheNewBase()
    {
        var readings = Feed(MuninFieldType.Derive, 0, null, ("1000", 0), ("5", 10), ("25", 20));
        Assert.Equal([null, null, 2d], readings.Select(r => r.Value));
    }

    [Fact]
    public void Next_SameCaptureTime_RepeatsTheReadingWhateverTheValue()
    {
        var readings = Feed(MuninFieldType.Derive, 0, null, ("0", 0), ("100", 10), ("999999", 10), ("120", 20));
        Assert.Equal(readings[1], readings[2]);
        Assert.Equal(2, readings[3].Value); // from the 100 at 10 s, not from what was sent for the same instant again
    }

    [Fact]
    public void Next_ClockWentBack_StartsAnewFromThere()
    {
        var readings = Feed(MuninFieldType.Derive, 0, null, ("0", 100), ("100", 40), ("200", 50));
        Assert.Equal(10, readings[2].Value);
    }

    [Fact]
    public void Reset_GivesItsReasonOnce()
    {
        var rate = new RateCalculator(MuninFieldType.Derive, 0, null, TimeSpan.FromMinutes(10));
        rate.Next(Raw("0", 0));
        rate.Reset("the clock was set");
        Assert.Equal("the clock was set", rate.Next(Raw("10", 10)).UnknownBecause);
        Assert.Equal(1, rate.Next(Raw("20", 20)).Value);
    }
}
