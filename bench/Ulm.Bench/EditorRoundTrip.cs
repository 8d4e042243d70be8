using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ulm.Bench;

/// <summary>
/// What somebody who types waits for, by the clock and through the whole language server: from the change that an editor sends to the
/// diagnostics that come back, in a file of 1,000 rules, one change right after the other. <c>dotnet run -c Release -- editor ULM-SERVER</c>
/// </summary>
internal static class EditorRoundTrip
{
    private const int Rules = 1_000, WarmUps = 40, Edits = 100;
    private const string Uri = "file:///policies/site.ulm";
    private const string Typed = "\nwhen host.cpu > 85% and busy for 10m then evacuate heaviest fitting vm cooldown 20m\n";

    /// <summary>One change of the text.</summary>
    /// <param name="Line">From 0, as <paramref name="Column"/>.</param>
    /// <param name="Lines">How many whole lines go.</param>
    private sealed record Edit(int Line, int Column, int Lines, string Text);

    /// <param name="program">The program that is asked, such as <c>./ulm-server</c>.</param>
    public static async Task RunAsync(string program)
    {
        var text = ManyRules.Text(0, Rules);
        // Between two rules, in the middle.
        var middle = text.AsSpan(0, text.IndexOf("\n\n", text.Length / 2, StringComparison.Ordinal)).Count('\n') + 1;
        var definition = text.AsSpan(0, text.IndexOf("let busy", StringComparison.Ordinal)).Count('\n');
        await MeasureAsync(program, text, "a line of comment", i => new Edit(middle, 0, 0, $"# {i}\n"));
        await MeasureAsync(program, text, "a rule typed letter by letter", i => TypedAt(middle, i));
        await MeasureAsync(program, text, "a definition that a sixth of the rules use", i => new Edit(definition, 0, 1, $"let busy = host.cpu > {50 + i % 40}% and host.load > 2\n"));
    }

    private static Edit TypedAt(int line, int edit)
    {
        var (times, letter) = Math.DivRem(edit - 1, Typed.Length);
        var before = Typed.AsSpan(0, letter);
        return new Edit(line + times * Typed.Count(c => c == '\n') + before.Count('\n'), letter - before.LastIndexOf('\n') - 1, 0, Typed[letter].ToString());
    }

    private static async Task MeasureAsync(string program, string text, string what, Func<int, Edit> edits)
    {
        using var server = Process.Start(new ProcessStartInfo(program, "lsp") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var (input, output) = (server.StandardInput.BaseStream, server.StandardOutput.BaseStream);
        await SendAsync(input, new JsonObject { ["id"] = 1, ["method"] = "initialize", ["params"] = new JsonObject { ["capabilities"] = new JsonObject() } });
        await SendAsync(input, new JsonObject { ["method"] = "initialized", ["params"] = new JsonObject() });
        var open = Notice("textDocument/didOpen", new JsonObject { ["uri"] = Uri, ["languageId"] = "ulm", ["version"] = 0, ["text"] = text });
        var opened = await TimeAsync(input, output, open, 0);
        var times = new List<double>();
        var cpu = TimeSpan.Zero;
        for (var i = 1; i <= WarmUps + Edits; i++)
        {
            if (i == WarmUps + 1) cpu = CpuOf(server);
            var edit = edits(i);
            var change = Notice("textDocument/didChange", new JsonObject { ["uri"] = Uri, ["version"] = i });
            change["params"]!["contentChanges"] = new JsonArray(new JsonObject { ["range"] = Range(edit), ["text"] = edit.Text });
            var took = await TimeAsync(input, output, change, i);
            if (i > WarmUps) times.Add(took);
        }

        cpu = CpuOf(server) - cpu;
        server.Kill();
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}, {Edits} edits after {WarmUps} others: best {times[0]:0.0} ms, median {times[Edits / 2]:0.0} ms, 99 of 100 within {times[^2]:0.0} ms, worst {times[^1]:0.0} ms; {cpu.TotalMilliseconds / Edits:0.0} ms of CPU an edit; opened in {opened:0} ms"));
    }

    private static TimeSpan CpuOf(Process server)
    {
        server.Refresh();
        return server.TotalProcessorTime;
    }

    private static async Task<double> TimeAsync(Stream input, Stream output, JsonObject notice, int version)
    {
        var begun = Stopwatch.GetTimestamp();
        await SendAsync(input, notice);
        await DiagnosticsAsync(output, version);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static JsonObject Notice(string method, JsonObject document) => new() { ["method"] = method, ["params"] = new JsonObject { ["textDocument"] = document } };

    private static JsonObject Range(Edit edit) => new()
    {
        ["start"] = new JsonObject { ["line"] = edit.Line, ["character"] = edit.Column },
        ["end"] = new JsonObject { ["line"] = edit.Line + edit.Lines, ["character"] = edit.Column },
    };

    private static async Task SendAsync(Stream input, JsonObject message)
    {
        message["jsonrpc"] = "2.0";
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        await input.WriteAsync(Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"));
        await input.WriteAsync(body);
        await input.FlushAsync();
    }

    /// <summary>Reads on until the diagnostics of that version, or of the file where they name none, have come.</summary>
    private static async Task DiagnosticsAsync(Stream output, int version)
    {
        while (true)
        {
            var message = JsonNode.Parse(await ReadAsync(output))!;
            if (message["method"]?.GetValue<string>() == "textDocument/publishDiagnostics" && (message["params"]!["version"]?.GetValue<int>() ?? version) == version) return;
        }
    }

    private static async Task<byte[]> ReadAsync(Stream output)
    {
        var header = new StringBuilder();
        var one = new byte[1];
        while (!header.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await output.ReadExactlyAsync(one);
            header.Append((char)one[0]);
        }

        var length = header.ToString().Split("\r\n").First(h => h.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
        var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
        await output.ReadExactlyAsync(body);
        return body;
    }
}
