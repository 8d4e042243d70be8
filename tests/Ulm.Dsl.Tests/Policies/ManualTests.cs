using System.Text.RegularExpressions;

namespace Ulm.Dsl.Tests.Policies;

/// <summary>What the manual shows is what the compiler takes.</summary>
public partial class ManualTests
{
    public static TheoryData<int> Samples => [.. Enumerable.Range(0, All().Count)];

    [Fact]
    public void The_manual_has_samples() => Assert.True(All().Count >= 8);

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_has_no_fault_and_no_warning(int sample) => Assert.Empty(Compiled.Text(All()[sample]).Diagnostics);

    private static List<string> All() =>
        [.. Fence().Matches(File.ReadAllText(Path.Combine(Repository.Folder("docs"), "language.md"))).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("^```ulm\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
