using System.IO.Compression;
using System.Text;
using Ulm.Engine.Inventory;
using Ulm.Engine.Simulation;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Tests.Snapshots;

public sealed class TraceReaderTests : IDisposable
{
    private const string Header = "#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=vm.cpu\n";

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\r\n", true)]
    [InlineData("\n", false)]
    public void Rows_are_values_by_name_and_a_gap_is_no_number(string lineEnd, bool endsLastLine)
    {
        var text = (Header + "vm1\t0\t12.5\t100\nvm2\t_\t7\t_" + (endsLastLine ? "\n" : "")).Replace("\n", lineEnd);
        var trace = Sound(Encoding.UTF8.GetBytes(text));
        Assert.Equal((new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(5), 3), (trace.Start, trace.Step, trace.Length));
        Assert.Equal([0, 12.5, 100], trace.Series["vm1"]);
        Assert.Equal([double.NaN, 7, double.NaN], trace.Series["vm2"]);
        Assert.Equal(TimeSpan.FromMinutes(15), trace.Duration);
    }

    [Fact]
    public void A_gzipped_trace_is_known_by_its_content() =>
        Assert.Equal([1, 2], Sound(Gzip(Header + "vm1\t1\t2\n")).Series["vm1"]);

    [Theory]
    [InlineData("start=2026-01-05T01:00+01:00 step=5m metric=vm.cpu")]
    [InlineData("metric=vm.cpu  step=300s start=2026-01-05T00:00Z")]
    public void The_header_may_be_written_otherwise(string header)
    {
        var trace = Sound(Encoding.UTF8.GetBytes($"#ulm.trace/1 {header}\nvm1\t1\n"));
        Assert.Equal((new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(5)), (trace.Start, trace.Step));
    }

    [Theory]
    [InlineData("vm.net.in", "vm1", "1e9")]
    [InlineData("host.uptime", "h", "86400")]
    [InlineData("host.munin[\"sensors_temp.core_0\"]", "h", "-4.5")]
    public void Any_attribute_that_is_measured_can_be_recorded(string metric, string subject, string value)
    {
        var trace = Sound(Encoding.UTF8.GetBytes($"#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric={metric}\n{subject}\t{value}\n"));
        Assert.Equal((metric, double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)), (trace.Attribute.Name, trace.Series[subject][0]));
    }

    [Fact]
    public void Vms_without_a_row_have_another_load()
    {
        var load = Sound(Encoding.UTF8.GetBytes(Header + "vm1\t1\t_\n")).ToLoad(new ConstantLoad(new Dictionary<string, double> { ["vm2"] = 42 }));
        var start = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal((1.0, null, 42.0), (load.CpuPercent("vm1", start), load.CpuPercent("vm1", start.AddMinutes(5)), load.CpuPercent("vm2", start)));
    }

    [Theory]
    [InlineData("", "it does not begin with a header", 1)]
    [InlineData("vm1\t1\n", "it does not begin with the header of a trace", 1)]
    [InlineData("#ulm.trace/2 start=2026-01-05T00:00:00Z step=300s metric=vm.cpu\n", "the schema is \"ulm.trace/2\"", 1)]
    [InlineData("#ulm.trace/1 step=300s metric=vm.cpu\nvm1\t1\n", "the header has no `start`", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05 step=300s metric=vm.cpu\nvm1\t1\n", "`start=2026-01-05` is not a time", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00 step=300s metric=vm.cpu\nvm1\t1\n", "is not a time", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300 metric=vm.cpu\nvm1\t1\n", "`step=300` is not a duration", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=0s metric=vm.cpu\nvm1\t1\n", "`step=0s` is not a duration", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=vm.cpuu\nvm1\t1\n", "`metric=vm.cpuu` is not an attribute of hosts or VMs", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=host.munin[\"x\"]\nh\t1\n", "`metric=host.munin[\"x\"]` is not an attribute of hosts or VMs", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=host.vms\nh\t1\n", "`metric=host.vms` follows from the site itself and can't be replayed", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=cluster.cpu\ndefault\t1\n", "`metric=cluster.cpu` follows from the site itself", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=host.cpu\nvm1\t1\n", "the site has no host vm1", 2)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=host.cpu\nh\t101\n", "value 1 of h is `101`, outside 0 to 100", 2)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metric=host.net.in\nh\t-4\n", "value 1 of h is `-4`, out of range", 2)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s step=5m metric=vm.cpu\nvm1\t1\n", "`step` stands twice", 1)]
    [InlineData("#ulm.trace/1 start=2026-01-05T00:00:00Z step=300s metrc=vm.cpu metric=vm.cpu\nvm1\t1\n", "`metrc` is not known", 1)]
    [InlineData(Header, "it has no rows", 0)]
    [InlineData(Header + "vm1\t1\t2\nvm2\t1\n", "the row of vm2 has 1 value, the first row has 2", 3)]
    [InlineData(Header + "vm1\t1\t2\nvm2\t1\t2\t3\n", "the row of vm2 has 3 values, the first row has 2", 3)]
    [InlineData(Header + "vm1\t1\nvm99\t1\n", "the site has no vm vm99", 3)]
    [InlineData(Header + "vm1\t1\n\nvm1\t2\n", "vm vm1 has a second row", 4)]
    [InlineData(Header + "vm1\t1\tx\n", "value 2 of vm1 is `x`, not a number", 2)]
    [InlineData(Header + "vm1\t1\t\t2\n", "value 2 of vm1 is empty", 2)]
    [InlineData(Header + "vm1\t100.1\n", "value 1 of vm1 is `100.1`, outside 0 to 100", 2)]
    [InlineData(Header + "vm1\t-1\n", "value 1 of vm1 is `-1`, outside 0 to 100", 2)]
    [InlineData(Header + "vm1\tNaN\n", "value 1 of vm1 is `NaN`, not a number", 2)]
    [InlineData(Header + "vm1\t1e999\n", "value 1 of vm1 is `1e999`", 2)]
    [InlineData(Header + "vm1\t1 \n", "value 1 of vm1 is `1 `", 2)]
    [InlineData(Header + "vm1\n", "the row of vm1 has no values", 2)]
    public void Faults_say_what_and_where(string text, string message, int line)
    {
        var faults = Refused(Encoding.UTF8.GetBytes(text));
        Assert.Contains(message, faults.Found[0].Message);
        Assert.Equal((line, 1), (faults.Found[0].Line, faults.Count));
    }

    [Fact]
    public void Several_faults_come_in_one_run()
    {
        var faults = Refused(Encoding.UTF8.GetBytes("#ulm.trace/1 start=x step=300s metric=vm.cpu\nvm1\t1\t2\nvm1\t1\t2\nvm2\t200\t2\nvvm2\t1\t2\n"));
        Assert.Equal([1, 3, 4, 5], faults.Found.Select(f => f.Line));
        Assert.Equal("did you mean `vm2`?", faults.Found[3].Help);
    }

    [Fact]
    public void A_gzipped_trace_cut_off_anywhere_is_refused()
    {
        var whole = Gzip(Header + string.Concat(Enumerable.Range(0, 20).Select(i => $"vm{i}\t{i}\t{i * i % 100}\n")));
        Sound(whole);
        for (var length = 0; length < whole.Length; length++) Refused(whole[..length]);
    }

    [Fact]
    public void A_damaged_gzipped_trace_is_never_thrown_over()
    {
        var whole = Gzip(Header + string.Concat(Enumerable.Range(0, 20).Select(i => $"vm{i}\t{i}\t{i * i % 100}\n")));
        var random = new Random(5);
        for (var run = 0; run < 500; run++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            var faults = new FileFaults("f");
            Assert.Equal(Read(damaged, faults) is null, faults.Any);
        }
    }

    [Theory]
    [InlineData(Header)]
    [InlineData("")]
    [InlineData(Header + "vm1\t")]
    public void A_line_without_end_is_given_up_on(string before)
    {
        var faults = Refused(Gzip(before + new string('x', 5_000_000)));
        Assert.Equal(1, faults.Count);
    }

    [Fact]
    public void Memory_goes_to_the_values_alone()
    {
        const int Rows = 500, Length = 2016;
        var row = string.Concat(Enumerable.Range(0, Length).Select(i => $"\t{i % 101}"));
        File.WriteAllBytes(_path, Gzip(Header + string.Concat(Enumerable.Range(0, Rows).Select(i => $"vm{i}{row}\n"))));
        var site = SiteOf(Rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var trace = TraceReader.Read(_path, site, new FileFaults("f"));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((Rows, 15.0), (trace!.Series.Count, trace.Series["vm7"][15]));
        Assert.InRange(allocated, Rows * Length * 8, Rows * Length * 8 * 1.3);
    }

    private Trace? Read(byte[] content, FileFaults faults)
    {
        File.WriteAllBytes(_path, content);
        return TraceReader.Read(_path, SiteOf(20), faults);
    }

    private Trace Sound(byte[] content)
    {
        var faults = new FileFaults("f");
        var trace = Read(content, faults);
        Assert.True(trace is not null, faults.Report());
        return trace;
    }

    private FileFaults Refused(byte[] content)
    {
        var faults = new FileFaults("f");
        Assert.Null(Read(content, faults));
        Assert.True(faults.Any);
        return faults;
    }

    private static Site SiteOf(int vms) => new(
        [new Host { Name = "h", Cpus = 8, MemoryBytes = 1L << 40 }],
        Enumerable.Range(0, vms).Select(i => new Vm { Name = $"vm{i}", Host = "h", Vcpus = 1, CpuMips = 1000, MemoryBytes = 1 << 20 }));

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
