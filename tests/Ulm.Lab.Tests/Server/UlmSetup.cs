using System.Text;
using Ulm.Lab.Tests.Lab;

namespace Ulm.Lab.Tests.Server;

/// <summary>What an administrator sets up for one server: a folder with configuration, policies, store and socket. Gone when disposed.</summary>
public sealed class UlmSetup : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ulm-lab-setup-");

    private UlmSetup()
    {
    }

    public string Config => Path.Combine(_folder.FullName, "ulm.toml");

    public string Policies => Path.Combine(_folder.FullName, "policies");

    public string Store => Path.Combine(_folder.FullName, "ulm.db");

    public string Socket => Path.Combine(_folder.FullName, "ulm.sock");

    /// <summary>All hosts of the lab, polled every 2 s, and these policies.</summary>
    /// <param name="sections">More of the configuration, whole tables such as <c>[limits]</c>.</param>
    public static async Task<UlmSetup> OfAsync(LabSite lab, string policies, string sections = "[limits]\nidle-time = \"4s\"\n")
    {
        var setup = new UlmSetup();
        Directory.CreateDirectory(setup.Policies);
        setup.WritePolicies("site.ulm", policies);
        var config = await lab.ConfigTomlAsync("2s", setup.Policies, setup.Store, setup.Socket);
        await File.WriteAllTextAsync(setup.Config, $"{config}\n{sections}", TestContext.Current.CancellationToken);
        return setup;
    }

    /// <summary>Writes a file into the policies' folder, as an editor does: beside it first, then moved into place.</summary>
    public void WritePolicies(string file, string text)
    {
        var written = Path.Combine(_folder.FullName, file + ".new");
        File.WriteAllText(written, text, Encoding.UTF8);
        File.Move(written, Path.Combine(Policies, file), overwrite: true);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
