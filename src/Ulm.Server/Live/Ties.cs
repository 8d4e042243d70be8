using System.Xml.Linq;

namespace Ulm.Server.Live;

/// <summary>
/// What ties a guest to its host, so that it can't be moved while it runs: what libvirt itself refuses (<c>qemuMigrationSrcIsAllowed</c>), and disks
/// that no other host has.
/// </summary>
internal static class Ties
{
    /// <returns>Each as the end of "it ...".</returns>
    public static IEnumerable<string> Of(XElement domain, IReadOnlyList<string> localStorage)
    {
        var devices = domain.Element("devices");
        foreach (var device in Each("hostdev")) yield return $"it uses a {Kind(device, "type") ?? "host"} device of its host";
        // A virtual function is unplugged for the time of a migration where another interface takes its place.
        foreach (var _ in Each("interface").Where(i => Kind(i, "type") == "hostdev" && i.Element("teaming") is null)) yield return "it uses a network device of its host";
        foreach (var disk in Each("disk"))
        {
            if (Kind(disk, "type") == "nvme") yield return "it uses an NVMe device of its host";
            if (disk.Element("transient") is not null) yield return $"what it writes to disk {Target(disk)} is kept on its host until it stops";
            if (File(disk) is { } file && localStorage.FirstOrDefault(folder => IsWithin(file, folder)) is { } local) yield return $"its disk {file} is in {local}, which each host has for itself";
        }

        foreach (var shared in Each("filesystem")) yield return $"it uses the folder {Kind(shared.Element("source"), "dir") ?? "?"} of its host";
        foreach (var _ in Each("tpm").Where(t => Kind(t.Element("backend"), "type") == "passthrough")) yield return "it uses the TPM of its host";
        foreach (var _ in Each("smartcard").Where(c => Kind(c, "mode") == "host")) yield return "it uses a smartcard reader of its host";
        foreach (var memory in Each("shmem").Where(m => Kind(m, "role") != "master")) yield return $"it shares memory ({Kind(memory, "name")}) with others on its host";
        if (domain.Element("launchSecurity") is { } security) yield return $"its memory is encrypted by its host's CPU ({Kind(security, "type")})";
        if (domain.Element("cpu")?.Elements("feature").Any(f => Kind(f, "name") == "invtsc" && Kind(f, "policy") is "require" or "force") == true && domain.Element("clock")?.Elements("timer").Any(t => Kind(t, "name") == "tsc" && t.Attribute("frequency") is not null) != true)
            yield return "it counts on the time stamp counter of its host (invtsc)";

        IEnumerable<XElement> Each(string name) => devices?.Elements(name) ?? [];
    }

    private static string? Kind(XElement? of, string attribute) => (string?)of?.Attribute(attribute);

    private static string Target(XElement disk) => Kind(disk.Element("target"), "dev") ?? "?";

    /// <summary>What a drive of removable media holds is not written to, and may be missing.</summary>
    private static string? File(XElement disk) => Kind(disk, "device") is "cdrom" or "floppy" ? null : Kind(disk.Element("source"), "file");

    private static bool IsWithin(string file, string folder) => file.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
