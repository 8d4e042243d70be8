using System.Text.Json;

namespace Ulm.Server.Tests.LanguageServer;

/// <summary>What <c>editors/vscode</c> promises an editor is there, and starts the server as the server wants to be started.</summary>
public class EditorFolderTests
{
    private static readonly string Root = RepositoryRoot();

    [Fact]
    public void What_the_package_names_is_there()
    {
        using var package = Json("editors/vscode/package.json");
        var contributes = package.RootElement.GetProperty("contributes");
        Assert.True(File.Exists(Path.Combine(Root, "editors/vscode", package.RootElement.GetProperty("main").GetString()!)));
        Assert.True(File.Exists(Path.Combine(Root, "editors/vscode", contributes.GetProperty("languages")[0].GetProperty("configuration").GetString()!)));
        using var grammar = Json("grammar/ulm.tmLanguage.json");
        Assert.Equal(grammar.RootElement.GetProperty("scopeName").GetString(), contributes.GetProperty("grammars")[0].GetProperty("scopeName").GetString());
        Assert.Contains("../../grammar/ulm.tmLanguage.json", package.RootElement.GetProperty("scripts").GetProperty("prepare").GetString());
    }

    [Fact]
    public void Every_setting_that_the_extension_reads_is_declared()
    {
        using var package = Json("editors/vscode/package.json");
        var declared = package.RootElement.GetProperty("contributes").GetProperty("configuration").GetProperty("properties").EnumerateObject().Select(p => p.Name).ToList();
        var read = System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(Path.Combine(Root, "editors/vscode/extension.js")), "settings\\.get\\(\"(\\w+)\"\\)").Select(m => $"ulm.{m.Groups[1].Value}");
        Assert.Equal(declared.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    private static JsonDocument Json(string path) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, path)));

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Ulm.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
