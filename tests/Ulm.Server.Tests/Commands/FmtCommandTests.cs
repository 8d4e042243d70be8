using System.Text;

namespace Ulm.Server.Tests.Commands;

public sealed class FmtCommandTests : IDisposable
{
    private const string Untidy = "at   20:00 weekdays   consolidate # night\r\n";
    private const string Tidy = "at 20:00 weekdays consolidate  # night\n";
    private const string Wrong = "when host.cpu > 75 for 10m then balance\n";

    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Only_files_that_change_are_written_and_named()
    {
        var untidy = _cli.Write("p/untidy.ulm", Untidy);
        var tidy = _cli.Write("p/deeper/tidy.ulm", Tidy);
        File.SetLastWriteTimeUtc(tidy, LongAgo);
        var first = await _cli.RunAsync("fmt", _cli.In("p"));
        Assert.Equal((0, "p/untidy.ulm\n", ""), (first.Exit, first.Out, first.Error));
        Assert.Equal(Tidy, await File.ReadAllTextAsync(untidy));
        Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(tidy));
        var second = await _cli.RunAsync("fmt", _cli.In("p"));
        Assert.Equal((0, "", ""), (second.Exit, second.Out, second.Error));
    }

    [Fact]
    public async Task Check_names_what_would_change_and_writes_nothing()
    {
        var untidy = _cli.Write("untidy.ulm", Untidy);
        var result = await _cli.RunAsync("fmt", untidy, _cli.Write("tidy.ulm", Tidy), "--check");
        Assert.Equal((2, "untidy.ulm\n", ""), (result.Exit, result.Out, result.Error));
        Assert.Equal(Untidy, await File.ReadAllTextAsync(untidy));
        Assert.Equal(0, (await _cli.RunAsync("fmt", _cli.In("tidy.ulm"), "--check")).Exit);
    }

    [Fact]
    public async Task Diff_shows_what_would_change_and_writes_nothing()
    {
        var lines = Enumerable.Range(0, 9).Select(i => $"at 1{i}:00 balance\n").ToList();
        var untidy = _cli.Write("untidy.ulm", string.Concat(lines) + "at 20:00\tbalance");
        var result = await _cli.RunAsync("fmt", untidy, "--diff", "--check");
        Assert.Equal(2, result.Exit);
        Assert.Equal("""
            --- untidy.ulm
            +++ untidy.ulm
            @@ -7,4 +7,4 @@
             at 16:00 balance
             at 17:00 balance
             at 18:00 balance
            -at 20:00	balance
            \ No newline at end of file
            +at 20:00 balance

            """, result.Out);
        Assert.EndsWith("\tbalance", await File.ReadAllTextAsync(untidy));
        var tidy = await _cli.RunAsync("fmt", _cli.Write("tidy.ulm", Tidy), "--diff");
        Assert.Equal((0, ""), (tidy.Exit, tidy.Out));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("--check")]
    [InlineData("--diff")]
    public async Task A_file_with_errors_is_left_alone_and_the_others_are_not(string? option)
    {
        var wrong = _cli.Write("p/a.ulm", Wrong);
        var untidy = _cli.Write("p/b.ulm", Untidy);
        var result = await _cli.RunAsync(["fmt", _cli.In("p"), .. option is null ? Array.Empty<string>() : [option]]);
        Assert.Equal(3, result.Exit);
        Assert.Contains("p/b.ulm\n", result.Out);
        Assert.StartsWith("error[ULM1103]: ", result.Error);
        Assert.Contains(" --> p/a.ulm:1:17\n", result.Error);
        Assert.Equal(Wrong, await File.ReadAllTextAsync(wrong));
        Assert.Equal(option is null ? Tidy : Untidy, await File.ReadAllTextAsync(untidy));
    }

    [Fact]
    public async Task A_name_that_another_file_defines_is_no_error()
    {
        var result = await _cli.RunAsync("fmt", _cli.Write("a.ulm", "when  busy then balance"));
        Assert.Equal((0, "a.ulm\n", ""), (result.Exit, result.Out, result.Error));
    }

    [Theory]
    [InlineData("\uFEFF" + Tidy)]
    [InlineData("at 20:00 weekdays consolidate  # night\r\n")]
    [InlineData("at 20:00 weekdays consolidate  # night")]
    public async Task A_byte_order_mark_and_other_line_ends_go(string text)
    {
        var file = _cli.Write("a.ulm", text);
        Assert.Equal(0, (await _cli.RunAsync("fmt", file)).Exit);
        Assert.Equal(Encoding.UTF8.GetBytes(Tidy), await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task A_file_keeps_its_mode_and_leaves_nothing_beside_it()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherExecute;
        var file = _cli.Write("p/a.ulm", Untidy);
        File.SetUnixFileMode(file, Mode);
        await _cli.RunAsync("fmt", file);
        Assert.Equal((Tidy, Mode), (await File.ReadAllTextAsync(file), File.GetUnixFileMode(file)));
        Assert.Equal([file], Directory.GetFileSystemEntries(_cli.In("p")));
    }

    [Fact]
    public async Task A_symbolic_link_stays_one_and_what_it_leads_to_is_written()
    {
        var file = _cli.Write("real/a.ulm", Untidy);
        File.CreateSymbolicLink(_cli.In("second.ulm"), "real/a.ulm");
        File.CreateSymbolicLink(_cli.In("first.ulm"), _cli.In("second.ulm"));
        var result = await _cli.RunAsync("fmt", _cli.In("first.ulm"));
        Assert.Equal((0, "first.ulm\n"), (result.Exit, result.Out));
        Assert.Equal(Tidy, await File.ReadAllTextAsync(file));
        Assert.Equal((_cli.In("second.ulm"), "real/a.ulm"), (new FileInfo(_cli.In("first.ulm")).LinkTarget, new FileInfo(_cli.In("second.ulm")).LinkTarget));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named_and_the_others_are_written()
    {
        // No name is longer than 255 bytes, so there is no room for the temporary file beside this one.
        var full = _cli.Write(new string('a', 250) + ".ulm", Untidy);
        var other = _cli.Write("b.ulm", Untidy);
        var result = await _cli.RunAsync("fmt", full, other);
        Assert.Equal((1, "b.ulm\n"), (result.Exit, result.Out));
        Assert.Contains("a.ulm can't be written: ", result.Error);
        Assert.Equal((Untidy, Tidy), (await File.ReadAllTextAsync(full), await File.ReadAllTextAsync(other)));
    }

    [Fact]
    public async Task Nothing_is_written_when_a_file_cannot_be_read()
    {
        var file = _cli.Write("a.ulm", Untidy);
        var result = await _cli.RunAsync("fmt", file, _cli.In("nope.ulm"));
        Assert.Equal((1, "", "ulm-server: nope.ulm: there is no such file\n"), (result.Exit, result.Out, result.Error));
        Assert.Equal(Untidy, await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData(Untidy, null, 0, Tidy)]
    [InlineData(Tidy, null, 0, Tidy)]
    [InlineData(Untidy, "--check", 2, "standard input\n")]
    [InlineData(Tidy, "--check", 0, "")]
    [InlineData("at 20:00  balance\n", "--diff", 2, "--- standard input\n+++ standard input\n@@ -1 +1 @@\n-at 20:00  balance\n+at 20:00 balance\n")]
    [InlineData(Wrong, null, 3, "")]
    public async Task A_dash_reads_the_standard_input_and_writes_the_standard_output(string input, string? option, int exit, string output)
    {
        _cli.Input = Encoding.UTF8.GetBytes(input);
        var result = await _cli.RunAsync(["fmt", "-", .. option is null ? Array.Empty<string>() : [option]]);
        // The test's terminal takes CR out of what it shows; none of these results has one.
        Assert.Equal((exit, output), (result.Exit, result.Out));
        Assert.Equal(exit == 3, result.Error.Contains(" --> standard input:1:17\n"));
    }

    [Fact]
    public async Task A_dash_stands_alone_and_must_be_text()
    {
        var both = await _cli.RunAsync("fmt", "-", _cli.Write("a.ulm", Tidy));
        Assert.Equal((1, ""), (both.Exit, both.Out));
        Assert.Contains("stands alone", both.Error);
        _cli.Input = [0x61, 0xff];
        var bytes = await _cli.RunAsync("fmt", "-");
        Assert.Equal((1, "", "ulm-server: standard input: it is not UTF-8 text\n"), (bytes.Exit, bytes.Out, bytes.Error));
    }
}
