using CsCheck;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Commands;

public class LineEditsTests
{
    private static readonly Gen<List<string>> Lines = Gen.OneOf(Gen.Const("a\n"), Gen.Const("b\n"), Gen.Const("c\n")).List[0, 14];

    [Fact]
    public void Edits_lead_from_the_one_text_to_the_other_and_are_as_few_as_can_be() => Gen.Select(Lines, Lines).Sample((old, now) =>
    {
        var edits = LineEdits.Between(old, now);
        var made = new List<string>();
        var at = 0;
        foreach (var edit in edits)
        {
            made.AddRange(old[at..edit.Old.Start]);
            Assert.Equal(edit.New.Start, made.Count);
            made.AddRange(now[edit.New.Start..edit.New.End]);
            at = edit.Old.End;
        }
        made.AddRange(old[at..]);
        Assert.Equal(now, made);
        Assert.Equal(old.Count + now.Count - 2 * Common(old, now), edits.Sum(e => e.Old.End - e.Old.Start + e.New.End - e.New.Start));
    }, iter: 2_000);

    [Fact]
    public void Texts_that_have_next_to_nothing_in_common_are_replaced_as_a_whole()
    {
        var old = Enumerable.Range(0, 5_000).Select(i => $"old {i}").ToList();
        var now = Enumerable.Range(0, 6_000).Select(i => $"new {i}").ToList();
        Assert.Equal([new LineEdit((0, 5_000), (0, 6_000))], LineEdits.Between(old, now));
        Assert.Equal([new LineEdit((1, 5_001), (1, 6_001))], LineEdits.Between([.. old.Prepend("same"), "end"], [.. now.Prepend("same"), "end"]));
    }

    [Theory]
    [InlineData("a\n", "a\n", "")]
    [InlineData("", "a\n", "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n")]
    [InlineData("a\n", "", "--- f\n+++ f\n@@ -1 +0,0 @@\n-a\n")]
    [InlineData("a", "a\n", "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n", "1\nx\n3\n4\n5\n6\n7\n8\ny\n", "--- f\n+++ f\n@@ -1,8 +1,9 @@\n 1\n-2\n+x\n 3\n 4\n 5\n 6\n 7\n 8\n+y\n")]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n", "--- f\n+++ f\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -6,4 +7,3 @@\n 6\n 7\n 8\n-9\n")]
    public void A_diff_is_what_diff_u_would_write(string before, string after, string expected) => Assert.Equal(expected, UnifiedDiff.Of("f", before, after));

    private static int Common(List<string> a, List<string> b)
    {
        var length = new int[a.Count + 1, b.Count + 1];
        for (var i = 1; i <= a.Count; i++)
        {
            for (var j = 1; j <= b.Count; j++)
                length[i, j] = a[i - 1] == b[j - 1] ? length[i - 1, j - 1] + 1 : Math.Max(length[i - 1, j], length[i, j - 1]);
        }
        return length[a.Count, b.Count];
    }
}
