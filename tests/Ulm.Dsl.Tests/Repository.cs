using System.Runtime.CompilerServices;

namespace Ulm.Dsl.Tests;

/// <summary>Finds the files of this repository that tests are about.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    public static string Folder(params string[] parts) => Path.Combine([Root, .. parts]);

    public static SourceText Source(string path) => new(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path));

    public static IReadOnlyList<SourceText> SamplePolicies() =>
        [.. Directory.GetFiles(Folder("policies"), "*.ulm").Order(StringComparer.Ordinal).Select(Source)];

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // A deterministic build may map source paths away; the output folder lies below the root as well.
        foreach (var start in new[] { Path.GetDirectoryName(here), AppContext.BaseDirectory })
        {
            for (var folder = start; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "Ulm.sln")))
                    return folder;
            }
        }
        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
