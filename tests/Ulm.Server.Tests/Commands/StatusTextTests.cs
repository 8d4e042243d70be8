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
}
