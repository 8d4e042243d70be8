using System.Globalization;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Formatting;

namespace Ulm.Dsl.Tests.Parsing;

/// <summary>
/// Damaged policies: no exception, whatever they hold, and no text that costs much more than another. More of them than in every run:
/// <c>ULM_FUZZ_TEXTS=100000 dotnet test --project tests/Ulm.Dsl.Tests -c Release --filter-class "*FuzzTests"</c>
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    private static readonly int Texts = int.Parse(Environment.GetEnvironmentVariable("ULM_FUZZ_TEXTS") ?? "5000", CultureInfo.InvariantCulture);

    [Fact]
    public void Damaged_policies_never_throw_and_never_cost_much()
    {
        var samples = Repository.SamplePolicies().Concat(Directory.GetFiles(Repository.Folder("tests", "Ulm.Dsl.Tests", "Baselines"), "*.ulm").Order().Select(Repository.Source)).ToList();
        var random = new Random(20260105);
        var sentences = new GrammarSentences(random);
        var most = 0.0;
        for (var i = 0; i < Texts; i++)
        {
            // Half of them from policies as people write them, half from whatever the grammar allows.
            var sound = i % 2 == 0 ? samples[i / 2 % samples.Count].Text : GrammarSentences.Spread(Enumerable.Range(0, 5).SelectMany(_ => sentences.Next()), random);
            SourceText[] sources = [new("fuzz.ulm", Damage.Of(sound, random))];
            try
            {
                most = Math.Max(most, Work.PerCharacter(sources[0].Text, () =>
                {
                    var result = PolicyCompiler.Compile(sources);
                    _ = DiagnosticText.Render(result.Diagnostics, sources);
                    CheckPlaces(result, sources[0].Text);
                    if (!result.HasErrors)
                        Assert.IsType<FormatResult.Formatted>(PolicyFormatter.Format(sources[0]));
                }));
            }
            catch (Exception e)
            {
                Assert.Fail($"text {i}: {e}\n{sources[0].Text}");
            }
        }
        output.WriteLine($"{Texts} texts; at most {most:0} bytes allocated for a character");
        Assert.InRange(most, 0, Work.MostForDamaged);
    }

    // Texts that once broke the compiler.
    [Theory]
    [InlineData("test \"\" {\n site \"q\" at 10m host h fails\n never\n expect pending then on vluster\n timezone for 99m ]}")]
    public void A_text_that_found_a_bug_finds_it_no_more(string text) => Assert.True(Compiled.Text(text).HasErrors);

    [Theory]
    [InlineData("(", 300_000)]
    [InlineData("not ", 200_000)]
    [InlineData("when ", 200_000)]
    [InlineData("\"", 500_000)]
    [InlineData("when (", 150_000)]
    [InlineData("policy ", 140_000)]
    [InlineData("let x = ", 120_000)]
    [InlineData("\u0001", 1_000_000)]
    [InlineData("\u0001 ", 500_000)]
    [InlineData("a", 1_000_000)]
    [InlineData("1", 1_000_000)]
    [InlineData("zz\n", 300_000)]
    [InlineData("in cluster when ", 60_000)]
    [InlineData("when host.cpu > 75% then balance balance\n", 25_000)]
    [InlineData("never migrate vm x\n", 50_000)]
    [InlineData("at 20:00 balance and balance ", 30_000)]
    [InlineData("test \"x\" { site \"a\" ", 40_000)]
    [InlineData("test \"x\" {\nsite \"a\"\nat 5 expect\nat x\n", 20_000)]
    [InlineData("host h1 cpu: 5% x 9, ", 40_000)]
    [InlineData("keep apart vms a, b\n", 50_000)]
    [InlineData("at 20:00 notify \"{\"\n", 50_000)]
    [InlineData("any host (", 60_000)]
    [InlineData("when any host (host.cpu > 5%) and count of hosts (is idle) > 2 then balance ", 12_000)]
    [InlineData("at 20:00 first monday of month, 2026-12-24 except a except b consolidate ", 12_000)]
    [InlineData("test \"x\" { ", 80_000)]
    [InlineData("in cluster on host ", 50_000)]
    [InlineData("2026-12-24, ", 80_000)]
    [InlineData("except policy ", 70_000)]
    public void A_large_text_of_one_kind_costs_no_more_than_others(string part, int times)
    {
        SourceText[] sources = [new("large.ulm", string.Concat(Enumerable.Repeat(part, times)))];
        var found = 0;
        var work = Work.PerCharacter(sources[0].Text, () =>
        {
            var result = PolicyCompiler.Compile(sources);
            _ = DiagnosticText.Render(result.Diagnostics, sources);
            found = result.Diagnostics.Length;
        });
        output.WriteLine($"{work:0} bytes allocated for a character");
        Assert.InRange(work, 0, Work.MostForLarge);
        Assert.InRange(found, 1, CompilerLimits.DiagnosticsPerFile + 1);
    }

    [Fact]
    public void Definitions_that_double_one_another_do_not_grow_without_end()
    {
        var lets = Enumerable.Range(1, 1000).Select(i => $"let a{i} = a{i - 1} and a{i - 1}").Prepend("let a0 = host.cpu > 5%");
        var backwards = lets.Reverse();
        Assert.Contains("ULM1006", Compiled.Codes(string.Join('\n', lets) + "\nwhen a1000 then balance"));
        Assert.Contains("ULM1006", Compiled.Codes(string.Join('\n', backwards) + "\nwhen a1000 then balance"));
    }

    public static TheoryData<string, string> HardTexts => new()
    {
        { "names near many others", Lines(2400, i => $"let condition-{i} = host.cpu > 5%") + Lines(2400, i => $"when conditoin-x{i} then balance") },
        { "one large definition used by all", Large(32, "host.cpu") + Lines(4900, i => "when not large then balance") },
        { "one large definition of several attributes", Large(32, "host.cpu < 5% and vm.cpu > 5% or host.load") + Lines(4900, i => "when not large and host.memory > 5% then balance") },
        { "quantifiers within one another", Lines(1200, i => "when " + string.Concat(Enumerable.Repeat("any host (", 60)) + "host.cpu > 5%" + new string(')', 60) + " then balance")
            + Lines(3700, i => "every 1h balance") },
        { "calendars that are not there", Lines(2400, i => $"calendar c{i} = 2026-12-24") + Lines(2400, i => $"at 20:00 except d{i} balance") },
        { "a calendar of many days", "calendar c = " + string.Join(", ", Enumerable.Range(0, 950).Select(i => new DateOnly(2026, 1, 1).AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
            + "\n" + Lines(4900, i => "at 20:00 except c balance") },
        { "unknown time zones", Lines(4900, i => $"timezone \"Europe/Copenhage{i}\"") },
        { "rules that power off beside rules that power on", Lines(2450, i => "when cluster.hosts.idle > 9 then power off idle hosts") + Lines(2449, i => "when cluster.cpu > 5% then power on 1 host") + "always keep 1 host on\n" },
        { "rules that empty beside rules that pack", Lines(2450, i => $"when host.cpu > 80% in cluster a{i} then evacuate heaviest vm") + Lines(2450, i => "at 20:00 consolidate below 79% cpu") },
        { "definitions in a row", Lines(4900, i => $"let a{i} = not a{i + 1}") },
    };

    [Theory]
    [MemberData(nameof(HardTexts))]
    public void A_text_made_to_be_hard_costs_no_more_than_others(string what, string text)
    {
        var work = Work.PerCharacter(text, () =>
        {
            var result = Compiled.Text(text);
            Assert.True(result.HasErrors || result.Policies.Rules.Length >= 4899, "either refused or compiled in full");
        });
        output.WriteLine($"{what}: {work:0} bytes allocated for a character");
        Assert.InRange(work, 0, Work.MostForHard);
    }

    [Fact]
    public void Several_threads_compile_at_once_and_agree()
    {
        var samples = Repository.SamplePolicies();
        var expected = PolicyCompiler.Compile(samples).Policies.Rules.Select(r => r.Fingerprint).ToList();
        Parallel.For(0, 200, _ => Assert.Equal(expected, PolicyCompiler.Compile(samples).Policies.Rules.Select(r => r.Fingerprint)));
    }

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));

    private static string Large(int marks, string attribute) =>
        $"let large = {string.Join(" or ", Enumerable.Range(1, marks).Select(i => $"({attribute} > {i}{(attribute.EndsWith("cpu", StringComparison.Ordinal) ? "%" : "")})"))}\n";

    private static void CheckPlaces(CompilationResult result, string text)
    {
        foreach (var diagnostic in result.Diagnostics)
        {
            Assert.InRange(diagnostic.Span.Start, 0, text.Length);
            Assert.InRange(diagnostic.Span.End, diagnostic.Span.Start, text.Length);
            Assert.True(diagnostic.Line >= 1 && diagnostic.Column >= 1);
        }
    }
}
