using System.Text.Json;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Tests.Diagnostics;

public class DiagnosticTextTests
{
    [Fact]
    public void A_second_label_in_another_file_is_shown_with_its_own_line()
    {
        SourceText[] sources = [new("a.ulm", "policy night at 20:00 consolidate"), new("b.ulm", "\npolicy night at 22:00 consolidate")];

        Assert.Equal("""
            error[ULM1001]: there is already a policy `night`
             --> b.ulm:2:8
              |
            2 | policy night at 22:00 consolidate
              |        ^^^^^ used a second time here
             ::: a.ulm:1:8
              |
            1 | policy night at 20:00 consolidate
              |        ----- first used here
              = help: every log line, plan and page names the policy; give each a name of its own

            """, Render(sources));
    }

    [Theory]
    [InlineData("\twhen host.cpu > 75 then balance", "1 |     when host.cpu > 75 then balance\n  |                     ^^ ")]
    [InlineData("# æøå 🖥\r\nwhen host.cpu > 75\r\nthen balance", "2 | when host.cpu > 75\n  |                 ^^ ")]
    [InlineData("when \"🖥\" host.cpu > 75 then balance", "1 | when \"🖥\" host.cpu > 75 then balance\n  |      ^^^ ")]
    [InlineData("when host.cpu > 75\rthen balance", "1 | when host.cpu > 75\n  |                 ^^ ")]
    public void The_caret_stands_under_the_fault(string text, string expected) => Assert.Contains(expected, Render([new("t.ulm", text)]));

    [Fact]
    public void A_very_long_line_is_cut_to_what_stands_round_the_fault()
    {
        var text = string.Concat(Enumerable.Repeat("every 1h balance ", 100)) + "every 0m balance" + string.Concat(Enumerable.Repeat(" every 1h balance", 100));
        var shown = Render([new("t.ulm", text)]);

        var lines = shown.Split('\n');
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 200));
        var source = Array.FindIndex(lines, l => l.Contains("every 0m", StringComparison.Ordinal));
        Assert.Equal(lines[source].IndexOf("0m", StringComparison.Ordinal), lines[source + 1].IndexOf('^'));
    }

    [Fact]
    public void What_stands_in_a_file_cannot_steer_the_terminal()
    {
        var shown = Render([new("t.ulm", "when host.cpu > \u001b[2J75% then balance \u202Eecnalab \u0007")]);
        Assert.DoesNotContain(shown, c => c != '\n' && char.IsControl(c));
        Assert.DoesNotContain('\u202E', shown);
    }

    [Fact]
    public void Colour_changes_nothing_but_colour()
    {
        SourceText[] sources = [new("t.ulm", "when host.cpu > 75 then power off idle hosts")];
        var diagnostics = PolicyCompiler.Compile(sources).Diagnostics;
        var coloured = DiagnosticText.Render(diagnostics, sources, colour: true);

        Assert.Contains("\e[1;31merror[ULM1103]\e[0m", coloured);
        Assert.Equal(DiagnosticText.Render(diagnostics, sources), System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9;]*m", ""));
    }

    [Fact]
    public void Without_its_source_a_diagnostic_still_says_where()
    {
        var diagnostics = Compiled.Text("when host.cpu > 75 then balance").Diagnostics;
        Assert.Equal("""
            error[ULM1103]: `75` has no unit
             --> test.ulm:1:17
              = help: write `75%`

            """, DiagnosticText.Render(diagnostics, []));
        Assert.Equal("test.ulm:1:17: error ULM1103: `75` has no unit", diagnostics[0].ToString());
    }

    [Fact]
    public void The_json_form_names_its_schema()
    {
        var json = JsonSerializer.Serialize(DiagnosticsDocument.Of(Compiled.Text("when host.cpu > 75 then power off idle hosts").Diagnostics));
        using var document = JsonDocument.Parse(json);

        Assert.Equal("ulm.diagnostics/1", document.RootElement.GetProperty("schema").GetString());
        Assert.Equal(1, document.RootElement.GetProperty("errors").GetInt32());
        var first = document.RootElement.GetProperty("diagnostics")[0];
        Assert.Equal("ULM1103", first.GetProperty("code").GetString());
        Assert.Equal("error", first.GetProperty("severity").GetString());
        Assert.Equal("write `75%`", first.GetProperty("help").GetString());
        Assert.Equal(17, first.GetProperty("column").GetInt32());
    }

    private static string Render(SourceText[] sources) => DiagnosticText.Render(PolicyCompiler.Compile(sources).Diagnostics, sources);
}
