using Ulm.Libvirt.Migration;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Migration;

/// <summary>Looks at the job of a migration whose source falls silent.</summary>
public sealed class JobLooksTests
{
    // Two threads that wait for answers on one connection are what a keepalive that gives it up can crash the process by (see CallGate).
    [Fact]
    public async Task Close_WhileALookHangs_AsksTheHostNothingUntilThatHasEnded()
    {
        using var host = new FakeLibvirtd();
        var looks = new JobLooks(new LibvirtConnectionOptions { Uri = host.Uri, KeepAliveInterval = TimeSpan.Zero }, TimeProvider.System, Guid.NewGuid());
        var opened = looks.LookAsync(_ => true);   // of a host without domains: it ends in an answer of whatever kind
        await Task.WhenAny(opened, Task.Delay(Wait.Limit, TestContext.Current.CancellationToken));
        Assert.True(opened.IsCompleted);

        host.Silent = true;
        var before = host.Calls;
        var look = looks.LookAsync(_ => true);
        await Wait.Until(() => host.Calls == before + 1, "the look to be asked");
        looks.Close();
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);

        Assert.Equal(before + 1, host.Calls);
        host.HangUp();
        Assert.True((await Assert.ThrowsAsync<LibvirtException>(() => look)).ConnectionFailed);
    }
}
