using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Commands;

public sealed class MistakeTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("vaildate a.ulm", "there is no command `vaildate`; did you mean `validate`?", "ulm-server")]
    [InlineData("foo", "there is no command `foo`", "ulm-server")]
    [InlineData("validate --deny-warning a.ulm", "there is no option `--deny-warning`; did you mean `--deny-warnings`?", "ulm-server validate")]
    [InlineData("validate a.ulm --formt=json", "there is no option `--formt`; did you mean `--format`?", "ulm-server validate")]
    [InlineData("fmt --chek a.ulm", "there is no option `--chek`; did you mean `--check`?", "ulm-server fmt")]
    [InlineData("run --polices a.ulm", "there is no option `--polices`; did you mean `--policies`?", "ulm-server run")]
    [InlineData("site exprt", "there is no command `exprt`; did you mean `export`?", "ulm-server site")]
    [InlineData("run --speed 2m", "--speed: `2m` is not a number of 0 or more", "ulm-server run")]
    [InlineData("run --speed -1", "--speed: `-1` is not a number of 0 or more", "ulm-server run")]
    [InlineData("version now", "there is no argument `now`", "ulm-server version")]
    public async Task What_is_not_known_is_named_once_and_where_help_is(string line, string message, string help)
    {
        _cli.Write("a.ulm", "every 1h balance\n");
        var result = await _cli.RunAsync([.. line.Split(' ').Select(w => w == "a.ulm" ? _cli.In(w) : w)]);
        Assert.Equal((ExitCode.CouldNotRun, "", $"ulm-server: {message}\n`{help} --help` shows what there is\n"), (result.Exit, result.Out, result.Error));
    }

    [Fact]
    public async Task A_file_whose_name_begins_with_a_dash_stands_behind_two()
    {
        var result = await _cli.RunAsync("validate", "--", "--nope.ulm");
        Assert.Equal("ulm-server: --nope.ulm: there is no such file\n", result.Error);
    }

    [Fact]
    public async Task Where_no_server_answers_is_said_without_an_address_nobody_gave()
    {
        var result = await _cli.RunAsync("status", "--socket", _cli.In("none.sock"));
        Assert.Equal((ExitCode.CouldNotRun, "ulm-server: no server answers at none.sock: there is no such socket; is it running? another socket is named with --socket\n"), (result.Exit, result.Error));
        var file = await _cli.RunAsync("status", "--socket", _cli.Write("plain.sock", ""));
        Assert.Contains("nobody listens there", file.Error);
    }
}
