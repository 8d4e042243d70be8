using Ulm.Libvirt.Native;

namespace Ulm.Libvirt.Domains;

/// <summary>Calls that read domains, to be made on a worker thread.</summary>
internal static unsafe class DomainReader
{
    private const uint State = 1, CpuTotal = 2, Balloon = 4, Vcpu = 8, Interface = 16, Block = 32, DirtyRate = 512;   // VIR_DOMAIN_STATS_*
    private const uint NoWait = 1 << 29;   // VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT
    private const uint ListTransient = 8;  // VIR_CONNECT_LIST_DOMAINS_TRANSIENT
    private const uint NotActive = uint.MaxValue;

    // Three calls a host rather than three a domain: state comes with the bulk stats, persistence as the (short) list of transient ones.
    public static IReadOnlyList<DomainSummary> List(ConnectHandle conn, string uri)
    {
        var transient = Transient(conn, uri);
        return Read(conn, State, uri, (domain, name, uuid, fields) =>
        {
            var id = LibvirtApi.virDomainGetID(domain);
            return new DomainSummary(name, uuid, id == NotActive ? null : (int)id, fields.State, !transient.Contains(uuid)) { Incoming = fields.Incoming, InPostCopy = fields.InPostCopy, PostCopyFailed = fields.PostCopyFailed };
        });
    }

    public static IReadOnlyList<DomainStats> Stats(ConnectHandle conn, TimeProvider time, string uri)
    {
        // Taken after the answer: the records are built when it is here.
        DateTimeOffset? at = null;
        return Read(conn, State | CpuTotal | Balloon | Vcpu | Interface | Block | DirtyRate, uri, (_, name, uuid, fields) =>
            fields.ToStats(name, uuid, at ??= time.GetUtcNow()));
    }

    public static DomainHandle? Find(ConnectHandle conn, Guid uuid, string uri)
    {
        var bytes = stackalloc byte[16];
        uuid.TryWriteBytes(new Span<byte>(bytes, 16), bigEndian: true, out _);
        var domain = LibvirtApi.virDomainLookupByUUID(conn, bytes);
        if (!domain.IsInvalid) return domain;
        var error = LastError.Read("virDomainLookupByUUID", uri);
        return error.Code == LibvirtErrorCode.NoDomain ? null : throw error;
    }

    public static DomainHandle Known(ConnectHandle conn, Guid uuid, string uri) =>
        Find(conn, uuid, uri) ?? throw new LibvirtException(
            LibvirtErrorCode.NoDomain, LibvirtErrorDomain.Dom, LibvirtErrorLevel.Error, $"no domain with UUID {uuid}", "virDomainLookupByUUID", uri, false);

    public static Guid Uuid(DomainHandle domain, string uri)
    {
        var bytes = stackalloc byte[16];
        LastError.Check(LibvirtApi.virDomainGetUUID(domain, bytes), "virDomainGetUUID", uri);
        return new Guid(new ReadOnlySpan<byte>(bytes, 16), bigEndian: true);
    }

    /// <summary>Name and UUID of a domain borrowed from a list or a callback; no call to the host.</summary>
    public static (string Name, Guid Uuid) Identify(nint domain)
    {
        var bytes = stackalloc byte[16];
        LibvirtApi.virDomainGetUUID(domain, bytes);
        return (NativeString.Borrow(LibvirtApi.virDomainGetName(domain)), new Guid(new ReadOnlySpan<byte>(bytes, 16), bigEndian: true));
    }

    private static List<T> Read<T>(ConnectHandle conn, uint stats, string uri, Func<nint, string, Guid, StatsFields, T> make)
    {
        // NOWAIT: a guest whose monitor hangs gives what is known without it, instead of holding up the answer for all the others.
        var count = LibvirtApi.virConnectGetAllDomainStats(conn, stats, out var records, NoWait);
        if (count < 0 && LastError.Read("", uri).Code is LibvirtErrorCode.InvalidArg or LibvirtErrorCode.ArgumentUnsupported)
            count = LibvirtApi.virConnectGetAllDomainStats(conn, stats, out records, 0);
        LastError.Check(count, "virConnectGetAllDomainStats", uri);
        try
        {
            var made = new List<T>(count);
            for (var i = 0; i < count; i++)
            {
                var fields = new StatsFields();
                for (var p = 0; p < records[i]->Count; p++)
                {
                    var parameter = records[i]->Parameters + p;
                    if (parameter->AsInt64() is { } value) fields.Take(TypedParameter.Name(parameter), value);
                }
                var (name, uuid) = Identify(records[i]->Domain);
                made.Add(make(records[i]->Domain, name, uuid, fields));
            }
            return made;
        }
        finally
        {
            LibvirtApi.virDomainStatsRecordListFree(records);
        }
    }

    private static HashSet<Guid> Transient(ConnectHandle conn, string uri)
    {
        var count = LastError.Check(LibvirtApi.virConnectListAllDomains(conn, out var domains, ListTransient), "virConnectListAllDomains", uri);
        var found = new HashSet<Guid>(count);
        for (var i = 0; i < count; i++)
        {
            found.Add(Identify(domains[i]).Uuid);
            LibvirtApi.virDomainFree(domains[i]);
        }
        System.Runtime.InteropServices.NativeMemory.Free(domains);
        return found;
    }
}
