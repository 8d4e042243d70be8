namespace Ulm.Libvirt.Tests.Support;

/// <summary>
/// A host of libvirt's in-process test driver with two domains: <c>busy</c> runs, <c>idle</c> is off. Every connection to the same path
/// gets a host of its own, unlike test:///default, whose state is shared by the process.
/// </summary>
public sealed class TestNode : IDisposable
{
    public static readonly Guid Busy = Guid.Parse("11111111-2222-3333-4444-555555555501");
    public static readonly Guid Idle = Guid.Parse("11111111-2222-3333-4444-555555555502");
    public static readonly Guid Nobody = Guid.Parse("99999999-2222-3333-4444-555555555599");

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"libvirt-test-node-{Guid.NewGuid():N}.xml");

    public TestNode() => Write();

    public string Uri => $"test://{_path}";

    public void Write() => File.WriteAllText(_path, $"""
        <node>
          <cpu><mhz>2400</mhz><model>x86_64</model><active>8</active><nodes>1</nodes><sockets>2</sockets><cores>2</cores><threads>2</threads></cpu>
          <memory>4194304</memory>
          {Domain("busy", Busy)}
          {Domain("idle", Idle, "<test:runstate xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>5</test:runstate>")}
        </node>
        """);

    public static string Domain(string name, Guid uuid, string extra = "") => $"""
        <domain type='test'>
          <name>{name}</name><uuid>{uuid}</uuid>
          <memory unit='MiB'>512</memory><currentMemory unit='MiB'>256</currentMemory><vcpu>2</vcpu>
          <os><type>hvm</type></os>
          {extra}
        </domain>
        """;

    public LibvirtConnection Connect() => new(new LibvirtConnectionOptions { Uri = Uri }, TimeProvider.System);

    public void Dispose() => File.Delete(_path);
}
