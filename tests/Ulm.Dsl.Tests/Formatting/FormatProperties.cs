using CsCheck;
using Ulm.Dsl.Formatting;

namespace Ulm.Dsl.Tests.Formatting;

public class FormatProperties
{
    private const int Files = 250;

    [Fact]
    public void What_is_formatted_means_the_same() => PolicyTexts.All.Sample(file =>
    {
        var (before, after) = (Compiled.Text(file.Text), Compiled.Text(Formatted.Text(file.Text)));
        Assert.False(before.HasErrors, string.Join('\n', before.Diagnostics) + "\n" + file.Text);
        Assert.Equal(before.Policies.Rules.Select(r => r.Fingerprint), after.Policies.Rules.Select(r => r.Fingerprint));
        Assert.Equal(before.Policies.Constraints.Select(c => c.Text), after.Policies.Constraints.Select(c => c.Text));
        Assert.True(Meaning.Same(before.Policies, after.Policies));
        Assert.Equal(before.Diagnostics.Select(d => (d.Code, d.Message)), after.Diagnostics.Select(d => (d.Code, d.Message)));
    }, iter: Files);

    [Fact]
    public void What_is_formatted_keeps_its_comments_in_their_order() => PolicyTexts.All.Sample(file =>
        Assert.Equal(file.Comments, SoundText.Read(new SourceText("a.ulm", Formatted.Text(file.Text)))!.Tokens.Comments), iter: Files);

    [Fact]
    public void What_is_formatted_stays_as_it_is_when_formatted_again() => PolicyTexts.All.Sample(file =>
    {
        var once = Formatted.Text(file.Text);
        Assert.Equal(once, Formatted.Text(once));
    }, iter: Files);

    [Fact]
    public void Lines_are_tidy() => PolicyTexts.All.Sample(file =>
    {
        var text = Formatted.Text(file.Text);
        Assert.EndsWith("\n", text);
        Assert.DoesNotContain("\n\n\n", text);
        Assert.DoesNotContain('\r', text);
        Assert.False(text.StartsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal) || text.StartsWith('\uFEFF'));
        foreach (var line in text.Split('\n'))
        {
            Assert.False(line.EndsWith(' ') || line.EndsWith('\t') || line.TrimStart(' ').StartsWith('\t'), line);
            Assert.True(line.Contains('#') || line.Length <= SentenceLayout.Width, line);
        }
    }, iter: Files);
}
