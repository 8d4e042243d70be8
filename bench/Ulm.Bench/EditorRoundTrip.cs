using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ulm.Bench;

/// <summary>
/// What somebody who types waits for, by the clock and through the whole language server: from the change that an editor sends to the
/// diagnostics that come back, in a file of 1,000 rules. <c>dotnet run -c Release -- editor ULM-SERVER</c>
/// </summary>
internal static class EditorRoundTrip
{
    private const int Rules = 1_000, WarmUps = 40, Edits = 100;

    /// <param name="program">The program that is asked, such as <c>./ulm-server</c>.</param>
    public static async Task RunAsync(string program)
    {
        using var server = Process.Start(new ProcessStartInfo(program, "lsp") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var (input, output) = (server.StandardInput.BaseStream, server.StandardOutput.BaseStream);
        const string Uri = "file:///policies/site.ulm";
        await SendAsync(input, new JsonObject { ["id"] = 1, ["method"] = "initialize", ["params"] = new JsonObject { ["capabilities"] = new JsonObject() } });
        await SendAsync(input, new JsonObject { ["method"] = "initialized", ["params"] = new JsonObject() });
        var text = ManyRules.Text(0, Rules);
        await SendAsync(input, Notice("textDocument/didOpen", new JsonObject { ["uri"] = Uri, ["languageId"] = "ulm", ["version"] = 0, ["text"] = text }));
        await DiagnosticsAsync(output, 0);

        var line = text.AsSpan().Count('\n') / 2;
        var times = new List<double>();
        for (var edit = 1; edit <= WarmUps + Edits; edit++)
        {
            var begun = Stopwatch.GetTimestamp();
            var change = Notice("textDocument/didChange", new JsonObject { ["uri"] = Uri, ["version"] = edit });
            change["params"]!["contentChanges"] = new JsonArray(new JsonObject { ["range"] = Range(line), ["text"] = $"# {edit}\n" });
            await SendAsync(input, change);
            await DiagnosticsAsync(output, edit);
            if (edit > WarmUps) times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        server.Kill();
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Edits} edits in a file of {Rules} rules, after {WarmUps} others: best {times[0]:0.0} ms, median {times[Edits / 2]:0.0} ms, 95 of 100 within {times[Edits * 95 / 100]:0.0} ms"));
    }

    private static JsonObject Notice(string method, JsonObject document) => new() { ["method"] = method, ["params"] = new JsonObject { ["textDocument"] = document } };

    private static JsonObject Range(int line)
    {
        JsonObject Start() => new() { ["line"] = line, ["character"] = 0 };
        return new JsonObject { ["start"] = Start(), ["end"] = Start() };
    }

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
