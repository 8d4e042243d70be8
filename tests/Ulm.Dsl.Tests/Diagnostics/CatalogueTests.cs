using System.Reflection;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Dsl.Tests.Diagnostics;

public class CatalogueTests
{
    public static TheoryData<string> Codes => [.. DiagnosticCatalogue.All.Select(d => d.Code)];

    [Fact]
    public void Every_code_is_used_once() =>
        Assert.Equal(DiagnosticCatalogue.All.Select(d => d.Code).Distinct(), DiagnosticCatalogue.All.Select(d => d.Code));

    [Fact]
    public void Every_descriptor_in_the_code_is_in_the_catalogue()
    {
        var declared = typeof(DiagnosticCatalogue).Assembly.GetTypes()
            .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => f.FieldType == typeof(DiagnosticDescriptor))
            .Select(f => ((DiagnosticDescriptor)f.GetValue(null)!).Code);
        Assert.Equal(declared.Order(StringComparer.Ordinal), DiagnosticCatalogue.All.Select(d => d.Code));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_code_tells_its_stage(string code) =>
        Assert.Matches($"^ULM{(int)DiagnosticCatalogue.Find(code)!.Category}[0-9]{{3}}$", code);

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_page_shows_what_it_speaks_of(string code)
    {
        var page = DiagnosticPage.Read(code);

        Assert.Equal(code, page.Code);
        Assert.Equal(DiagnosticCatalogue.Find(code)!.Title, page.Title);
        Assert.Contains(code, Compiled.Codes(page.Failing));
        Assert.DoesNotContain(code, Compiled.Codes(page.Mended));
        Assert.False(Compiled.Text(page.Mended).HasErrors);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_diagnostic_has_a_json_form(string code)
    {
        var result = Compiled.Text(DiagnosticPage.Read(code).Failing);
        var entry = DiagnosticsDocument.Of(result.Diagnostics).Diagnostics.First(d => d.Code == code);
        var diagnostic = result.Diagnostics.First(d => d.Code == code);

        Assert.Equal(diagnostic.Message, entry.Message);
        Assert.Equal((diagnostic.Line, diagnostic.Column, diagnostic.Span.Start, diagnostic.Span.Length), (entry.Line, entry.Column, entry.Start, entry.Length));
        Assert.Equal(diagnostic.Labels.Length, entry.Labels.Length);
    }

    [Fact]
    public void A_code_is_found_in_any_case()
    {
        Assert.Equal("ULM0101", DiagnosticCatalogue.Find("ulm0101")?.Code);
        Assert.Null(DiagnosticCatalogue.Find("ULM9999"));
    }
}
