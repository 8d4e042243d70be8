using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;
using Ulm.Server.LanguageServer;
using Ulm.Server.Tests.Commands;
using Range = Ulm.Server.LanguageServer.Range;

namespace Ulm.Server.Tests.LanguageServer;

public sealed class ConversationTests : IDisposable
{
    private readonly Cli _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task What_is_typed_is_diagnosed()
    {
        await using var editor = await Editor.StartAsync();
        var first = await editor.OpenAsync("when host.cpu > 75 for 10m then evacuate heaviest fitting vm\n");
        var fault = Assert.Single(first.Diagnostics);
        Assert.Equal(("ULM1103", LspSeverity.Error, "75"), (fault.Code, fault.Severity, editor.At(fault.Range)));
        Assert.Empty((await editor.TypeAsync("75", "75%")).Diagnostics);

        var misspelt = Assert.Single((await editor.TypeAsync("evacuate", "evacute")).Diagnostics);
        Assert.Equal("evacute", editor.At(misspelt.Range));
        Assert.Contains("did you mean `evacuate`?", misspelt.Message);
    }

    [Fact]
    public async Task A_second_place_is_told_as_related()
    {
        await using var editor = await Editor.StartAsync();
        var told = await editor.OpenAsync("let a = host.cpu > 5%\nlet a = host.load > 2\nwhen a then balance\n");
        var fault = told.Diagnostics.Single(d => d.Code == "ULM1002");
        var related = Assert.Single(fault.RelatedInformation);
        Assert.Equal((editor.Uri, "a"), (related.Location.Uri, editor.At(related.Location.Range)));
        Assert.Equal(0, related.Location.Range.Start.Line);
    }

    [Theory]
    [InlineData("when host.cpu > 75% for 10m then ", "evacuate balance consolidate power", "when then 75%")]
    [InlineData("when ", "host.cpu vm.memory cluster.cpu not any", "then evacuate")]
    [InlineData("when host.cpu > 75% ", "for then and or", "evacuate host.cpu")]
    [InlineData("at 20:00 ", "weekdays daily monday consolidate", "for until")]
    [InlineData("", "when at every policy let never always", "then host.cpu")]
    [InlineData("let busy = host.cpu > 75%\nwhen ", "busy host.cpu", "then")]
    [InlineData("when hos", "host.cpu host.memory", "then")]
    [InlineData("# when ", "", "host.cpu when")]
    [InlineData("when host.", "host.cpu host.memory.free", "then")]
    [InlineData("when not host.memory.", "host.memory.free", "then")]
    [InlineData("when host.cpu > 5% and host.cpu.", "host.cpu.steal", "then")]
    [InlineData("let busy = host.cpu > 5%\nhosts edge = named \"e*\"\nwhen host is ", "idle edge", "busy host.cpu")]
    [InlineData("let busy = host.cpu > 5%\nat 20:00 run hook ", "", "busy host.cpu")]
    [InlineData("let busy = host.cpu > 5%\nat 20:00 notify \"x\" via ", "", "busy host.cpu")]
    [InlineData("let office = 07:00-20:00\nwhen host.cpu > 5% during ", "office", "host.cpu")]
    [InlineData("timezone ", "\"Europe/Copenhagen\"", "when")]
    [InlineData("timezone \"Eu", "\"Europe/Copenhagen\"", "when")]
    [InlineData("test \"t\" { site \"s\" host h1 ", "cpu memory.free", "host.cpu at")]
    [InlineData("test \"t\" { site \"s\" host h1 mem", "memory.free", "host.cpu at")]
    [InlineData("test \"t\" { site \"s\" vm web1 ", "cpu net.in", "memory.free")]
    [InlineData("policy p when host.cpu > 5% then balance\ntest \"t\" { site \"s\" at 5m expect ", "p nothing migrate", "host.cpu")]
    [InlineData("when \"", "", "host.cpu not")]
    [InlineData("\"", "", "when")]
    [InlineData("when host.cpu > 75% then evacuate ", "heaviest", "balance vm")]
    public async Task What_the_grammar_expects_is_offered(string text, string offered, string notOffered)
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync(text);
        var labels = Labels(await editor.AskAsync("textDocument/completion", text));
        Assert.Empty(offered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(labels));
        Assert.Empty(notOffered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Intersect(labels));
    }

    [Theory]
    [InlineData("never migrate vm ", "web1")]
    [InlineData("never migrate vm tagged ", "\"pinned\"")]
    [InlineData("always keep 2 hosts on in cluster ", "default")]
    [InlineData("never migrate vm tagged \"pi", "\"pinned\"")]
    [InlineData("when host.munin[", "\"sensors_temp.core0\"")]
    [InlineData("when host.munin[\"sens", "\"sensors_temp.core0\"")]
    public async Task Names_of_the_site_are_offered(string text, string offered)
    {
        await using var editor = await Editor.StartAsync(site: Cli.Data("three-hosts.site.json"));
        await editor.OpenAsync(text);
        Assert.Contains(offered, Labels(await editor.AskAsync("textDocument/completion", text)));
    }

    [Theory]
    [InlineData("textDocument/didSave")]
    [InlineData("workspace/didChangeWatchedFiles")]
    public async Task What_changes_on_disk_is_looked_at_anew(string told)
    {
        _files.Write("a.ulm", "");
        _files.Write("b.ulm", "let busy = host.cpu > 5%\n");
        await using var editor = await Editor.StartAsync(new Uri(_files.In("a.ulm")).AbsoluteUri);
        Assert.Empty((await editor.OpenAsync("when busy then balance\n")).Diagnostics);
        _files.Write("b.ulm", "let bussy = host.cpu > 5%\n");
        object parameters = told == "textDocument/didSave" ? new { textDocument = new { uri = editor.Uri } } : new { changes = new[] { new { uri = editor.Uri, type = 2 } } };
        Assert.Equal("ULM1003", Assert.Single((await editor.AfterAsync(told, parameters)).Diagnostics).Code);
    }

    [Theory]
    [InlineData("textDocument/hover")]
    [InlineData("textDocument/completion")]
    [InlineData("textDocument/rename")]
    [InlineData("textDocument/codeAction")]
    [InlineData("textDocument/documentSymbol")]
    public async Task A_request_without_what_it_needs_is_refused_as_such(string method)
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("when host.cpu > 75% then balance\n");
        foreach (var parameters in new object[] { new { }, new { textDocument = new { } }, new { textDocument = new { uri = (string?)null }, position = (object?)null } })
        {
            var refused = await Assert.ThrowsAnyAsync<RemoteRpcException>(() => editor.RequestAsync(method, parameters));
            Assert.Equal(JsonRpcErrorCode.InvalidParams, (refused as RemoteInvocationException)?.ErrorCode is { } code ? (JsonRpcErrorCode)code : refused.ErrorCode);
        }

        await editor.NotifyAsync("textDocument/didChange", new { });
        Assert.Equal("ULM1103", Assert.Single((await editor.TypeAsync("75%", "75")).Diagnostics).Code);
    }

    [Fact]
    public async Task A_completion_replaces_the_word_that_was_begun()
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("when host.c");
        var item = Items(await editor.AskAsync("textDocument/completion", "host.c")).Single(i => i.Label == "host.cpu");
        Assert.Equal("host.c", editor.At(item.TextEdit.Range));
        Assert.Contains("per cent", item.Detail);
    }

    [Fact]
    public async Task An_attribute_tells_its_unit()
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("when host.net.in > 80MiB/s then balance\n");
        var hover = (await editor.AskAsync("textDocument/hover", "host.net")).GetProperty("contents").GetProperty("value").GetString();
        Assert.Contains("`host.net.in`, bytes per second", hover);
    }

    [Fact]
    public async Task A_name_leads_to_its_definition_and_back()
    {
        const string Text = "let busy = host.cpu > 75%\nlet very-busy = busy and host.load > 4\nwhen very-busy or busy then balance\n";
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync(Text);
        var definition = (await editor.AskAsync("textDocument/definition", "or busy")).Deserialize<Location>(ProtocolJson.Options)!;
        Assert.Equal(new Range(new Position(0, 4), new Position(0, 8)), definition.Range);
        var references = await editor.RequestAsync("textDocument/references", new { textDocument = new { uri = editor.Uri }, position = editor.Behind("let busy"), context = new { includeDeclaration = true } });
        Assert.Equal([0, 1, 2], references.EnumerateArray().Select(r => r.GetProperty("range").GetProperty("start").GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task A_definition_is_renamed_wherever_it_is_used()
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("let busy = host.cpu > 75%\n# busy\nwhen busy then balance\nnever migrate vm busy\n");
        var edit = (await editor.RequestAsync("textDocument/rename", new { textDocument = new { uri = editor.Uri }, position = editor.Behind("when busy"), newName = "hot" }))
            .Deserialize<WorkspaceEdit>(ProtocolJson.Options)!;
        Assert.Equal([0, 2], edit.Changes[editor.Uri].Select(e => e.Range.Start.Line).Order());
        Assert.All(edit.Changes[editor.Uri], e => Assert.Equal(("busy", "hot"), (editor.At(e.Range), e.NewText)));
    }

    [Theory]
    [InlineData("when")]
    [InlineData("host.cpu")]
    [InlineData("two words")]
    [InlineData("other")]
    [InlineData("")]
    public async Task A_name_that_would_change_the_meaning_is_refused(string name)
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("let busy = host.cpu > 75%\nlet other = host.load > 2\nwhen busy and other then balance\n");
        var edit = await editor.RequestAsync("textDocument/rename", new { textDocument = new { uri = editor.Uri }, position = editor.Behind("when busy"), newName = name });
        Assert.Equal(JsonValueKind.Null, edit.ValueKind);
    }

    [Fact]
    public async Task Names_hold_across_the_files_of_a_folder()
    {
        _files.Write("lets.ulm", "let busy = host.cpu > 75%\n");
        var path = _files.Write("rules.ulm", "when busy then balance\n");
        await using var editor = await Editor.StartAsync(new Uri(path).AbsoluteUri);
        Assert.Empty((await editor.OpenAsync(File.ReadAllText(path))).Diagnostics);
        var definition = (await editor.AskAsync("textDocument/definition", "when busy")).Deserialize<Location>(ProtocolJson.Options)!;
        Assert.EndsWith("lets.ulm", definition.Uri);
    }

    [Theory]
    [InlineData("site/policies/lets.ulm", "site/policies/rules/night.ulm", "site", true)]
    [InlineData("site/policies/rules/deep/lets.ulm", "site/policies/night.ulm", "site", true)]
    [InlineData("site/policies/lets.ulm", "site/policies/rules/deep/night.ulm", "site/policies", true)]
    [InlineData("site/lets.ulm", "site/policies/night.ulm", "site/policies", false)]
    [InlineData("site/old/lets.ulm", "site/policies/night.ulm", "site", false)]
    [InlineData("site/policies/lets.ulm", "site/policies/rules/night.ulm", null, false)]
    public async Task A_set_is_the_outermost_folder_with_policies_that_the_editor_has_open(string definition, string use, string? open, bool together)
    {
        var lets = _files.Write(definition, "let busy = host.cpu > 75%\n");
        var path = _files.Write(use, "when busy then balance\n");
        var within = open is null ? null : lets[..^definition.Length] + open;
        await using var editor = await Editor.StartAsync(new Uri(path).AbsoluteUri, within: within);
        Assert.Equal(together, (await editor.OpenAsync(File.ReadAllText(path))).Diagnostics.Length == 0);
    }

    [Theory]
    [InlineData("when host.cpu > 75 then balance\n", "75%")]
    [InlineData("when host.cpuu > 75% then balance\n", "host.cpu")]
    [InlineData("when host.cpu > 75% then balanse\n", "balance")]
    [InlineData("when host.cpu ≥ 75% then balance\n", ">=")]
    [InlineData("when host.cpu > 75% balance\n", "then balance")]
    [InlineData("let busy = host.cpu > 75%\nwhen busi then balance\n", "busy")]
    public async Task What_was_most_likely_meant_is_one_key_away(string text, string mended)
    {
        await using var editor = await Editor.StartAsync();
        var told = await editor.OpenAsync(text);
        var range = told.Diagnostics[0].Range;
        var action = (await editor.RequestAsync("textDocument/codeAction", new { textDocument = new { uri = editor.Uri }, range, context = new { diagnostics = Array.Empty<object>() } }))
            .Deserialize<CodeAction[]>(ProtocolJson.Options)![0];
        var edit = Assert.Single(action.Edit.Changes[editor.Uri]);
        Assert.Equal(mended, edit.NewText);
        Assert.Empty((await editor.ReplaceAsync(new(editor.Text.Offset(edit.Range.Start), editor.At(edit.Range).Length), edit.NewText)).Diagnostics);
    }

    [Fact]
    public async Task A_name_that_the_site_lacks_is_told_and_mended()
    {
        await using var editor = await Editor.StartAsync(site: Cli.Data("three-hosts.site.json"));
        var told = await editor.OpenAsync("never migrate vm wep1\n");
        Assert.Equal("ULM1901", Assert.Single(told.Diagnostics).Code);
        var actions = await editor.RequestAsync("textDocument/codeAction", new { textDocument = new { uri = editor.Uri }, range = told.Diagnostics[0].Range, context = new { diagnostics = Array.Empty<object>() } });
        Assert.Contains("web1", actions[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_text_is_laid_out_the_one_way_there_is()
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("when   host.cpu>75% for 10m   then evacuate heaviest   fitting vm");
        var edit = (await editor.RequestAsync("textDocument/formatting", new { textDocument = new { uri = editor.Uri }, options = new { tabSize = 2, insertSpaces = true } }))
            .Deserialize<TextEdit[]>(ProtocolJson.Options)!;
        Assert.Equal("when host.cpu > 75% for 10m then evacuate heaviest fitting vm\n", Assert.Single(edit).NewText);
    }

    [Fact]
    public async Task The_outline_names_rules_and_definitions()
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("let busy = host.cpu > 75%\npolicy relieve when busy then balance\nat 20:00 consolidate\n");
        var symbols = (await editor.RequestAsync("textDocument/documentSymbol", new { textDocument = new { uri = editor.Uri } })).Deserialize<DocumentSymbol[]>(ProtocolJson.Options)!;
        Assert.Equal(["busy", "relieve", "at 20:00 consolidate"], symbols.Select(s => s.Name));
    }

    [Fact]
    public async Task Changes_that_come_in_a_row_end_in_the_diagnostics_of_the_last()
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("when host.cpu > 7");
        foreach (var typed in "5% then balance\n")
            await editor.ReplaceAsync(new(editor.Text.Text.Length, 0), typed.ToString());
        Assert.Empty((await editor.ReplaceAsync(new(0, 0), "\n")).Diagnostics);
    }

    [Theory]
    [InlineData("")]
    [InlineData("when host.cpu > 75% then evacuate heaviest fitting vm by")]
    [InlineData("test \"x\" {")]
    [InlineData("let let let = ((((")]
    [InlineData("host.munin[\"a.b")]
    public async Task No_place_in_a_damaged_text_is_too_much_to_ask(string text)
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync(text);
        for (var i = 0; i <= text.Length; i++)
        {
            foreach (var method in (string[])["textDocument/completion", "textDocument/hover", "textDocument/definition", "textDocument/prepareRename"])
                _ = await editor.RequestAsync(method, new { textDocument = new { uri = editor.Uri }, position = editor.Text.At(i) });
        }
    }

    [Fact]
    public async Task Places_and_documents_that_do_not_exist_are_no_fault()
    {
        await using var editor = await Editor.StartAsync();
        await editor.OpenAsync("when host.cpu > 75% then balance\n");
        foreach (var method in (string[])["textDocument/completion", "textDocument/hover", "textDocument/definition"])
        {
            _ = await editor.RequestAsync(method, new { textDocument = new { uri = editor.Uri }, position = new { line = 99, character = 99 } });
            _ = await editor.RequestAsync(method, new { textDocument = new { uri = "untitled:nobody.ulm" }, position = new { line = 0, character = 0 } });
        }
    }

    private static CompletionItem[] Items(JsonElement list) => list.GetProperty("items").Deserialize<CompletionItem[]>(ProtocolJson.Options)!;

    private static string[] Labels(JsonElement list) => [.. Items(list).Select(i => i.Label)];
}
