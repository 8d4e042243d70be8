using Ulm.Dsl.Policies;
using Ulm.Server.Api;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Commands;

public class StatusTextTests
{
    [Theory]
    [InlineData(1, "vm v01 can't be moved off h1: it uses a pci device of its host\n", "more VMs")]
    [InlineData(12, "and 2 more VMs can't be moved: `ulm-server vms` names them\n", "vm v11")]
    public void Vms_that_can_not_be_moved_are_told_with_the_reason_and_no_list_grows_too_long(int tied, string said, string unsaid)
    {
        var vms = Enumerable.Range(1, tied).Select(v => new VmStatus($"v{v:00}", "h1", 5, 1024) { NotMigratable = "it uses a pci device of its host" }).Append(new VmStatus("free", "h1", 5, 1024));
        var output = new StringWriter();

        StatusText.Print(new StatusDocument(StatusDocument.SchemaName, "site", DateTimeOffset.UnixEpoch, null, [], [.. vms], [], [], []), new Terminal(output, output, Colour: false));

        Assert.Contains(said, output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(unsaid, output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("vm free", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_is_closed_as_it_may_still_go_off_says_so()
    {
        var output = new StringWriter();
        var host = new HostStatus("h2", "c", "closed to newcomers", 1, 2, 0) { MayGoOff = "may still go off" };

        StatusText.PrintHosts(new StatusDocument(StatusDocument.SchemaName, "site", DateTimeOffset.UnixEpoch, null, [host], [], [], [], []), new Terminal(output, output, Colour: false));

        Assert.Contains("may still go off", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RuleMode.Observe, "mode observe: what rules decide is told, and nothing of it is done\n")]
    [InlineData(RuleMode.Recommend, "mode recommend: what rules decide is planned, and done once it is approved\n")]
    [InlineData(RuleMode.Enforce, null)]
    public void A_server_that_does_not_do_what_rules_decide_says_so(RuleMode mode, string? said)
    {
        var output = new StringWriter();

        StatusText.Print(new StatusDocument(StatusDocument.SchemaName, "site", DateTimeOffset.UnixEpoch, null, [], [], [], [], []) { Mode = mode }, new Terminal(output, output, Colour: false));

        if (said is null) Assert.DoesNotContain("mode ", output.ToString(), StringComparison.Ordinal);
        else Assert.Contains(said, output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A pipe has no width: what reads it finds a host with all that is said of it in one line.</summary>
    [Fact]
    public void A_table_that_goes_to_no_terminal_has_a_line_for_each_row_however_long_and_no_blanks_at_its_end()
    {
        var output = new StringWriter();
        var note = string.Join(' ', Enumerable.Repeat("new fan", 40));
        var order = new OrderStatus("drain host h1", "ann", note, DateTimeOffset.UnixEpoch, null);

        StatusText.PrintHosts(new StatusDocument(StatusDocument.SchemaName, "site", DateTimeOffset.UnixEpoch, null, [new HostStatus("h1", "c", "on", 5, 5, 1) { Order = order }, new HostStatus("h2", "c", "on", 5, 5, 1)], [], [], [], []), new Terminal(output, output, Colour: false));

        var lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.EndsWith($"({note})", lines[1], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(3.0, true)]
    public void How_much_vms_write_is_shown_where_it_is_known_of_any(double? known, bool shown)
    {
        var output = new StringWriter();

        StatusText.PrintVms([new VmStatus("a", "h1", 5, 1024), new VmStatus("b", "h1", 5, 1024) { DirtyMiBps = known }], new Terminal(output, output, Colour: false));

        Assert.Equal(shown, output.ToString().Contains("written", StringComparison.Ordinal));
        Assert.Equal(shown, output.ToString().Contains("3MiB/s", StringComparison.Ordinal));
        Assert.Equal(shown, output.ToString().Contains("unknown", StringComparison.Ordinal));
    }
}
