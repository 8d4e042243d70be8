using Ulm.Libvirt.Domains;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt;

public sealed partial class LibvirtConnection
{
    private const uint XmlInactive = 2;   // VIR_DOMAIN_XML_INACTIVE
    private const int DirtyRateSeconds = 1;   // the shortest that QEMU takes

    /// <summary>Every domain the host knows, active or not (<c>virConnectGetAllDomainStats</c>, <c>virConnectListAllDomains</c>).</summary>
    public Task<IReadOnlyList<DomainSummary>> ListDomainsAsync(CancellationToken cancellationToken) =>
        ReadAsync("virConnectListAllDomains", conn => DomainReader.List(conn, Uri), cancellationToken);

    /// <summary>Counters of every domain the host knows, in one call (<c>virConnectGetAllDomainStats</c>).</summary>
    public Task<IReadOnlyList<DomainStats>> GetAllDomainStatsAsync(CancellationToken cancellationToken) =>
        ReadAsync("virConnectGetAllDomainStats", conn => DomainReader.Stats(conn, _time, Uri), cancellationToken);

    /// <summary>
    /// A domain's description (<c>virDomainGetXMLDesc</c>): of its run, or with <paramref name="inactive"/> of its next start.
    /// </summary>
    public Task<string> GetDomainXmlAsync(Guid uuid, bool inactive, CancellationToken cancellationToken) =>
        OnDomainAsync("virDomainGetXMLDesc", _options.CallTimeout, uuid, domain =>
            NativeString.Take(LastError.Check(LibvirtApi.virDomainGetXMLDesc(domain, inactive ? XmlInactive : 0), "virDomainGetXMLDesc", Uri)),
            cancellationToken);

    /// <summary>What a domain is doing on this host (<c>virDomainGetState</c>); null where this host does not know it.</summary>
    public Task<DomainState?> GetDomainStateAsync(Guid uuid, CancellationToken cancellationToken) =>
        ReadAsync("virDomainGetState", conn => StateOf(conn, uuid), cancellationToken);

    /// <summary>Starts a defined domain (<c>virDomainCreate</c>).</summary>
    public Task StartAsync(Guid uuid, CancellationToken cancellationToken) =>
        ChangeAsync("virDomainCreate", uuid, LibvirtApi.virDomainCreate, cancellationToken);

    /// <summary>Asks the guest to shut down (<c>virDomainShutdown</c>); it may take its time or not listen at all.</summary>
    public Task ShutdownAsync(Guid uuid, CancellationToken cancellationToken) =>
        ChangeAsync("virDomainShutdown", uuid, LibvirtApi.virDomainShutdown, cancellationToken);

    /// <summary>Ends a domain's run at once, as pulling its plug (<c>virDomainDestroy</c>). Its definition stays.</summary>
    public Task DestroyAsync(Guid uuid, CancellationToken cancellationToken) =>
        ChangeAsync("virDomainDestroy", uuid, LibvirtApi.virDomainDestroy, cancellationToken);

    /// <summary>
    /// Forgets a domain's definition (<c>virDomainUndefineFlags</c> without flags: refused where saved state would be lost).
    /// </summary>
    public Task UndefineAsync(Guid uuid, CancellationToken cancellationToken) =>
        ChangeAsync("virDomainUndefineFlags", uuid, static domain => LibvirtApi.virDomainUndefineFlags(domain, 0), cancellationToken);

    /// <summary>Defines a domain, or redefines the one of the same UUID (<c>virDomainDefineXML</c>). Returns its UUID.</summary>
    public Task<Guid> DefineXmlAsync(string xml, CancellationToken cancellationToken) =>
        FromXmlAsync("virDomainDefineXML", xml, LibvirtApi.virDomainDefineXML, cancellationToken);

    /// <summary>Starts a domain that is gone when its run ends (<c>virDomainCreateXML</c>). Returns its UUID.</summary>
    public Task<Guid> CreateXmlAsync(string xml, CancellationToken cancellationToken) =>
        FromXmlAsync("virDomainCreateXML", xml, static (conn, text) => LibvirtApi.virDomainCreateXML(conn, text, 0), cancellationToken);

    /// <summary>
    /// Begins to measure how fast a running domain writes to its memory (<c>virDomainStartDirtyRateCalc</c>, libvirt 7.2 and newer), by the pages that
    /// changed among 512 a GiB, and returns at once. A second later <see cref="GetAllDomainStatsAsync"/> has the rate.
    /// </summary>
    /// <remarks>
    /// Where another job has the domain, libvirt waits 30 s for it to end: one that is seen is not waited for, but one may begin in between. What must not
    /// wait so long is asked on another connection.
    /// </remarks>
    /// <returns>False: not begun, as it is being migrated, saved or the like.</returns>
    /// <exception cref="LibvirtException">Code <see cref="LibvirtErrorCode.NoSupport"/>: this libvirt, or the host's, is too old; or as libvirt says.</exception>
    public Task<bool> StartDirtyRateAsync(Guid uuid, CancellationToken cancellationToken) =>
        OnDomainAsync("virDomainStartDirtyRateCalc", _options.CallTimeout, uuid, StartDirtyRate, cancellationToken);

    private bool StartDirtyRate(DomainHandle domain)
    {
        const string Call = "virDomainStartDirtyRateCalc";
        if (Migration.JobReader.Read(domain, 0, Uri) is not null) return false;
        try
        {
            LastError.Check(LibvirtApi.virDomainStartDirtyRateCalc(domain, DirtyRateSeconds, 0), Call, Uri);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            throw new LibvirtException(LibvirtErrorCode.NoSupport, LibvirtErrorDomain.None, LibvirtErrorLevel.Error, "the libvirt client library here is older than 7.2", Call, Uri, false);
        }
    }

    private DomainState? StateOf(ConnectHandle conn, Guid uuid)
    {
        using var domain = DomainReader.Find(conn, uuid, Uri);
        if (domain is null) return null;
        if (LibvirtApi.virDomainGetState(domain, out var state, out _, 0) >= 0) return (DomainState)state;
        var error = LastError.Read("virDomainGetState", Uri);
        return error.Code == LibvirtErrorCode.NoDomain ? null : throw error;   // gone between the two calls
    }

    private Task ChangeAsync(string call, Guid uuid, Func<DomainHandle, int> change, CancellationToken cancellationToken) =>
        OnDomainAsync(call, _options.OperationTimeout, uuid, domain => LastError.Check(change(domain), call, Uri), cancellationToken);

    private Task<Guid> FromXmlAsync(string call, string xml, Func<ConnectHandle, string, DomainHandle> make, CancellationToken cancellationToken) =>
        CallAsync(call, _options.OperationTimeout, conn =>
        {
            using var domain = LastError.Check(make(conn, xml), call, Uri);
            return DomainReader.Uuid(domain, Uri);
        }, cancellationToken);

    private Task<T> OnDomainAsync<T>(string call, TimeSpan timeout, Guid uuid, Func<DomainHandle, T> native, CancellationToken cancellationToken) =>
        CallAsync(call, timeout, conn =>
        {
            using var domain = DomainReader.Known(conn, uuid, Uri);
            return native(domain);
        }, cancellationToken);
}
