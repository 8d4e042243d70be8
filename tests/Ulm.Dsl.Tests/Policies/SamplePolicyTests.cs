using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests.Policies;

public class SamplePolicyTests
{
    public static TheoryData<string> SampleNames => [.. Repository.SamplePolicies().Select(s => s.Name)];

    private const string FoundingSentences = """
        when host.cpu > 75% for 10m then evacuate heaviest fitting vm
        at 20:00 weekdays consolidate and power off idle hosts
        """;

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void A_sample_policy_compiles_without_a_word(string name)
    {
        var source = Repository.SamplePolicies().Single(s => s.Name == name);
        var result = PolicyCompiler.Compile([source]);

        // The founding sentences keep no hosts on, and say nothing else on purpose.
        string[] expected = name.EndsWith("first-two-sentences.ulm", StringComparison.Ordinal) ? ["ULM3001"] : [];
        Assert.Equal(expected, result.Diagnostics.Select(d => d.Code));
        Assert.NotEmpty(result.Policies.Rules);
    }

    [Fact]
    public void All_sample_policies_go_together()
    {
        var result = PolicyCompiler.Compile(Repository.SamplePolicies());
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void The_founding_sentences_stand_in_their_sample_as_they_are()
    {
        var sample = Repository.SamplePolicies().Single(s => s.Name.EndsWith("first-two-sentences.ulm", StringComparison.Ordinal));
        var sentences = sample.Text.Split('\n').TakeWhile(l => !l.StartsWith("test ", StringComparison.Ordinal)).Where(l => l.Length > 0 && !l.StartsWith('#'));
        Assert.Equal(FoundingSentences, string.Join('\n', sentences));
    }

    [Fact]
    public void The_founding_sentences_mean_what_they_say()
    {
        var result = PolicyCompiler.Compile([new SourceText("policies/first.ulm", FoundingSentences)]);

        Assert.False(result.HasErrors);
        Assert.Equal(2, result.Policies.Rules.Length);
        var relieve = result.Policies.Rules[0];
        var when = Assert.IsType<Trigger.When>(relieve.Trigger);
        Assert.Equal("first.ulm:1", relieve.Name);
        Assert.Equal(SubjectKind.Host, when.Subject);
        Assert.Equal(TimeSpan.FromMinutes(10), when.For);
        Assert.Equal(
            new Condition.Comparison(
                new Quantity.Read(PolicyAttribute.HostCpu), ComparisonOperator.Greater, new Quantity.Constant(75, Unit.Percent, "75%"), "host.cpu > 75%"),
            when.Condition);
        Assert.Equal([new PolicyAction.Evacuate(true, Resource.Cpu)], relieve.Actions);
        Assert.Null(relieve.Until);
        Assert.Null(relieve.Cooldown);

        var night = result.Policies.Rules[1];
        var at = Assert.IsType<Trigger.At>(night.Trigger);
        Assert.Equal("first.ulm:2", night.Name);
        Assert.Equal([new TimeOnly(20, 0)], at.Times);
        Assert.Equal(DaysOfWeek.Weekdays, at.Days.Weekly);
        Assert.Equal([new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)], night.Actions);
    }

    [Fact]
    public void Each_founding_sentence_compiles_alone()
    {
        foreach (var sentence in FoundingSentences.Split('\n'))
        {
            var result = PolicyCompiler.Compile([new SourceText("a.ulm", sentence)]);
            Assert.False(result.HasErrors);
            Assert.DoesNotContain(result.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
            Assert.Single(result.Policies.Rules);
        }
    }
}
