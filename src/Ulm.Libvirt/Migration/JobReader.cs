using Ulm.Libvirt.Native;

namespace Ulm.Libvirt.Migration;

/// <summary>Reads a domain's job, on a worker thread.</summary>
internal static unsafe class JobReader
{
    public const uint Completed = 1, KeepCompleted = 2;   // VIR_DOMAIN_JOB_STATS_*
    private const int TypeNone = 0;                        // VIR_DOMAIN_JOB_NONE

    /// <summary>The running job, or with <see cref="Completed"/> the last finished one; null where there is none.</summary>
    public static MigrationProgress? Read(DomainHandle domain, uint flags, string uri)
    {
        LastError.Check(LibvirtApi.virDomainGetJobStats(domain, out var type, out var parameters, out var count, flags), "virDomainGetJobStats", uri);
        try
        {
            if (type == TypeNone) return null;
            var fields = new JobFields();
            for (var p = 0; p < count; p++)
                if (parameters[p].AsInt64() is { } value)
                    fields.Take(TypedParameter.Name(parameters + p), value);
            return fields.ToProgress();
        }
        finally
        {
            LibvirtApi.virTypedParamsFree((nint)parameters, count);
        }
    }
}
