using System.Diagnostics;
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
