using Ulm.Libvirt.Connections;
using Ulm.Libvirt.Domains;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt.Migration;

/// <summary>
/// The native calls of one migration, each on a connection where it keeps nobody waiting and nobody keeps it: the migration itself and the looks
/// at its job have one each, and an abort opens one for itself, since it must get through where the others are stuck.
/// </summary>
internal sealed class MigrationCalls(LibvirtConnectionOptions connection, Session own, Guid uuid, JobLooks looks)
{
    public string Uri => own.Uri;

    /// <summary>Migrates; returns when it is over. On a worker thread.</summary>
    public int Migrate(string destinationUri, MigrationOptions options) => own.Judge(conn =>
    {
        using var domain = DomainReader.Known(conn, uuid, own.Uri);
        using var parameters = new TypedParameterList(own.Uri);
        if (options.BandwidthMiBps > 0) parameters.Add("bandwidth", (ulong)options.BandwidthMiBps);
        if (options.DestinationName is { } name) parameters.Add("destination_name", name);
        if (options.MigrationUri is { } migrationUri) parameters.Add("migrate_uri", migrationUri);
        if (options.GraphicsUri is { } graphicsUri) parameters.Add("graphics_uri", graphicsUri);
        return LastError.Check(
            LibvirtApi.virDomainMigrateToURI3(domain, destinationUri, parameters.Pointer, parameters.Count, (uint)FlagsOf(options)),
            "virDomainMigrateToURI3", own.Uri);
    });

    /// <summary>Asks the job aside. Fails where libvirt does not answer.</summary>
    public Task<bool> LookAsync(Func<DomainHandle, bool> at) => looks.LookAsync(at);

    /// <summary>Aborts the job, if it already or still runs. On a worker thread.</summary>
    public void Abort()
    {
        var session = Session.OpenAside(connection);
        try
        {
            using var domain = DomainReader.Find(session.Handle, uuid, session.Uri);
            if (domain is not null) LibvirtApi.virDomainAbortJob(domain);
        }
        finally
        {
            session.Close();
        }
    }

    internal static MigrateFlags FlagsOf(MigrationOptions options) =>
        MigrateFlags.Live | MigrateFlags.PeerToPeer
        | (options.PersistDestination ? MigrateFlags.PersistDestination : 0)
        | (options.UndefineSource ? MigrateFlags.UndefineSource : 0)
        | (options.AutoConverge ? MigrateFlags.AutoConverge : 0)
        | (options.PostCopy ? MigrateFlags.PostCopy : 0);
}
