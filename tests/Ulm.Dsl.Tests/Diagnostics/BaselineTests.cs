using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Tests.Diagnostics;

/// <summary>
/// Samples in <c>Baselines</c> beside the text that is to be shown for them. Run with ULM_REWRITE_BASELINES=1 to write what is
/// shown now, and look at the difference before it is committed.
/// </summary>
public class BaselineTests
{
    private static readonly string Folder = Repository.Folder("tests", "Ulm.Dsl.Tests", "Baselines");

    public static TheoryData<string> Samples => [.. Directory.GetFiles(Folder, "*.ulm").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_gives_the_messages_beside_it(string sample)
    {
        var source = new SourceText(sample + ".ulm", File.ReadAllText(Path.Combine(Folder, sample + ".ulm")));
        var shown = DiagnosticText.Render(PolicyCompiler.Compile([source]).Diagnostics, [source]);
        var expected = Path.Combine(Folder, sample + ".txt");

        if (Environment.GetEnvironmentVariable("ULM_REWRITE_BASELINES") == "1")
            File.WriteAllText(expected, shown);
        Assert.Equal(File.ReadAllText(expected), shown);
    }
}
