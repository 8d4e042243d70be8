using System.Diagnostics;
using System.Text;
using Nerdbank.Streams;

namespace Ulm.Server.Tests.LanguageServer;

/// <summary>The program as an editor starts it, over its standard streams.</summary>
public class ProcessTests
{
    [Fact]
    public async Task The_program_speaks_the_protocol_and_ends_in_order()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ulm-server.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "lsp"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await using (var editor = await Editor.OverAsync(FullDuplexStream.Splice(process.StandardOutput.BaseStream, process.StandardInput.BaseStream)))
        {
            Assert.True(editor.Capabilities.GetProperty("hoverProvider").GetBoolean());
            Assert.Equal("ULM1103", Assert.Single((await editor.OpenAsync("when host.cpu > 75 then balance\n")).Diagnostics).Code);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(patience.Token)));
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nhello")]
    [InlineData("Content-Length: -3\r\n\r\n{}")]
    [InlineData("Content-Length: many\r\n\r\n{}")]
    [InlineData("Content-Length: 50\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":\"y\"}")]
    public async Task One_that_speaks_no_protocol_ends_it_without_a_stack(string said)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ulm-server.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "lsp"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(said);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal((1, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(patience.Token)));
    }

    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}""", Shutdown = """{"jsonrpc":"2.0","id":2,"method":"shutdown"}""";

    // The stream stays open, as editors leave it until the program has ended.
    [Theory]
    [InlineData(0, Initialize, Shutdown, """{"jsonrpc":"2.0","method":"exit"}""")]
    [InlineData(0, Initialize, """{"jsonrpc":"2.0","id":2,"method":"shutdown","params":null}""", """{"jsonrpc":"2.0","method":"exit","params":null}""")]
    [InlineData(0, Initialize, Shutdown, """{"jsonrpc":"2.0","method":"exit","params":{}}""")]
    [InlineData(0, Initialize, Shutdown, """{"jsonrpc":"2.0","id":3,"method":"shutdown"}""", """{"jsonrpc":"2.0","method":"exit","params":[]}""")]
    [InlineData(1, Initialize, """{"jsonrpc":"2.0","method":"exit","params":null}""")]
    [InlineData(1, """{"jsonrpc":"2.0","method":"exit"}""")]
    public async Task Exit_ends_it_however_it_is_said(int exit, params string[] said)
    {
        using var process = Start();
        await SayAsync(process, said);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal((exit, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(patience.Token)));
    }

    [Theory]
    [InlineData("-32002", """{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///a.ulm"},"position":{"line":0,"character":0}}}""", Initialize, Shutdown)]
    [InlineData("-32600", Initialize, Shutdown, """{"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///a.ulm"},"position":{"line":0,"character":0}}}""")]
    [InlineData("-32600", Initialize, """{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"capabilities":{}}}""", Shutdown)]
    [InlineData("-32601", Initialize, """{"jsonrpc":"2.0","id":7,"method":"no/such"}""", Shutdown)]
    public async Task What_comes_out_of_turn_is_refused_and_the_rest_goes_on(string code, params string[] said)
    {
        using var process = Start();
        await SayAsync(process, said);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (answers, buffer) = (new StringBuilder(), new char[4096]);
        while (!(answers.ToString().Contains("\"id\":7", StringComparison.Ordinal) && answers.ToString().Contains("\"id\":2", StringComparison.Ordinal)))
        {
            var read = await process.StandardOutput.ReadAsync(buffer, patience.Token);
            if (read == 0) break;
            answers.Append(buffer, 0, read);
        }

        Assert.Contains($"\"code\":{code}", answers.ToString(), StringComparison.Ordinal);
        await SayAsync(process, """{"jsonrpc":"2.0","method":"exit"}""");
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start() => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ulm-server.dll"), "lsp"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task SayAsync(Process process, params string[] said)
    {
        foreach (var message in said) await process.StandardInput.WriteAsync($"Content-Length: {Encoding.UTF8.GetByteCount(message)}\r\n\r\n{message}");
        await process.StandardInput.FlushAsync();
    }

    [Fact]
    public async Task An_editor_that_is_gone_ends_it()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ulm-server.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "lsp"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(1, process.ExitCode);
    }
}
