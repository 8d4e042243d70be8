using Ulm.Dsl.Diagnostics;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Commands;

public sealed class ValidateCommandTests : IDisposable
{
    private const string Quiet = "always keep 1 host on\nwhen host.cpu > 75% for 10m then evacuate heaviest fitting vm\n";

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Sound_files_are_summed_up_on_one_line()
    {
        _cli.Write("policies/a.ulm", Quiet);
        _cli.Write("policies/deeper/b.ulm", "policy night at 20:00 consolidate\n");
        _cli.Write("policies/notes.txt", "not a policy");
        var result = await _cli.RunAsync("validate", _cli.In("policies"));
        Assert.Equal((0, "2 files, 2 rules, 1 constraint: no errors, no warnings\n", ""), (result.Exit, result.Out, result.Error));
    }

    /// <summary>README: every fault of all files in one run.</summary>
    [Fact]
    public async Task What_keeps_a_test_from_being_run_is_a_fault_too()
    {
        var file = _cli.Write("a.ulm", Quiet + "test \"gone\" { site \"none.site.json\" at 10m expect nothing }\ntest \"named\" { site \"s.site.json\" at 10m expect migrate vm nosuch }\n");
        _cli.Write("s.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")));
        var result = await _cli.RunAsync("validate", file);
        Assert.Equal(ExitCode.PolicyErrors, result.Exit);
        Assert.Contains("error[ULM1950]: ", result.Error);
        Assert.Contains("error[ULM1951]: ", result.Error);
        Assert.Contains(" --> a.ulm:3:", result.Error);
        Assert.Contains(" --> a.ulm:4:", result.Error);
    }

    [Fact]
    public async Task VMs_of_the_site_that_can_not_be_moved_are_named()
    {
        var site = _cli.Write("tied.site.json", File.ReadAllText(Cli.Data("three-hosts.site.json")).Replace("\"memoryMiB\": 8192, \"cpu\": 95", "\"memoryMiB\": 8192, \"notMigratable\": \"it uses a pci device of its host\", \"cpu\": 95"));
        var result = await _cli.RunAsync("validate", _cli.Write("a.ulm", Quiet), "--against", site, "--deny-warnings");
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.EndsWith("their hosts are not emptied:\n  vm web1 on h1: it uses a pci device of its host\n", result.Out);
    }

    [Fact]
    public async Task The_two_founding_sentences_are_sound_but_have_no_lower_limit()
    {
        var result = await _cli.RunAsync("validate", Cli.Data("two-sentences.ulm"));
        Assert.Equal((0, "1 file, 2 rules, no constraints: no errors, 1 warning\n"), (result.Exit, result.Out));
        Assert.StartsWith("warning[ULM3001]: ", result.Error);
        Assert.Equal(3, (await _cli.RunAsync("validate", Cli.Data("two-sentences.ulm"), "--deny-warnings")).Exit);
    }

    [Fact]
    public async Task Faults_of_all_files_come_in_one_run_each_with_its_line()
    {
        var a = _cli.Write("a.ulm", "when host.cpu > 75 for 10m then evacuate heaviest fitting vm\n");
        var b = _cli.Write("b.ulm", "\nwhen hots.cpu > 75% then evacuate heaviest fitting vm\n");
        var result = await _cli.RunAsync("validate", a, b);
        Assert.Equal((3, "2 files: 2 errors, no warnings\n"), (result.Exit, result.Out));
        Assert.Contains(" --> a.ulm:1:17\n", result.Error);
        Assert.Contains("1 | when host.cpu > 75 for 10m", result.Error);
        Assert.Contains(" --> b.ulm:2:6\n", result.Error);
        Assert.DoesNotContain("\e[", result.Error);
    }

    [Fact]
    public async Task Files_are_compiled_together_and_one_named_twice_counts_once()
    {
        var a = _cli.Write("p/a.ulm", "policy night at 20:00 consolidate\n");
        _cli.Write("p/b.ulm", "policy night at 21:00 consolidate\n");
        Assert.Equal(0, (await _cli.RunAsync("validate", a, a)).Exit);
        var both = await _cli.RunAsync("validate", _cli.In("p"), a);
        Assert.Equal((3, "2 files: 1 error, no warnings\n"), (both.Exit, both.Out));
    }

    [Theory]
    [InlineData("30s", "for 30s", true)]
    [InlineData("30s", "for 1m", false)]
    [InlineData("5s", "for 30s", false)]
    [InlineData("5m", "for 9m", true)]
    public async Task A_configuration_tells_how_often_is_measured_and_where_the_policies_are(string interval, string hold, bool tooShort)
    {
        _cli.Write("site/policies/a.ulm", $"always keep 1 host on\nwhen host.cpu > 75% {hold} then evacuate heaviest fitting vm\n");
        var config = _cli.Write("site/ulm.toml", $"[policies]\ndirectory = \"policies\"\n[polling]\ninterval = \"{interval}\"\n[store]\npath = \"ulm.db\"\n[[host]]\nname = \"h1\"\nlibvirt = \"test:///default\"\nmunin = \"h1:4949\"\n");
        var result = await _cli.RunAsync("validate", "--config", config);
        Assert.Equal((0, tooShort), (result.Exit, result.Error.Contains("ULM4005")));
        Assert.Equal(tooShort, (await _cli.RunAsync("validate", "--config", config, _cli.In("site/policies/a.ulm"))).Error.Contains("ULM4005"));
    }

    [Fact]
    public async Task A_configuration_tells_which_hooks_and_channels_there_are()
    {
        var config = _cli.WriteConfigWithHookAndChannel();
        var policies = _cli.Write("a.ulm", """
            on host fails then run hook page-opperator and notify "x" via chatt
            on host fails then run hook page-operator and notify "x" via chat
            on host fails then notify "x" via log
            on host fails then run hook "page-oprator" and notify "x"
            """);
        Assert.Equal(0, (await _cli.RunAsync("validate", policies)).Exit);
        var result = await _cli.RunAsync("validate", "--config", config, policies);
        Assert.Equal(ExitCode.PolicyErrors, result.Exit);
        Assert.Contains("error[ULM1910]: the configuration has no hook `page-opperator`\n --> a.ulm:1:29", result.Error);
        Assert.Contains("error[ULM1911]: the configuration has no channel `chatt`\n --> a.ulm:1:63", result.Error);
        Assert.Contains("did you mean `page-operator`?", result.Error);
        Assert.Contains("did you mean `chat`?", result.Error);
        Assert.Contains("error[ULM1910]: the configuration has no hook `page-oprator`\n --> a.ulm:4:29", result.Error);
        Assert.Contains("1 file: 3 errors", result.Out);
    }

    [Fact]
    public async Task A_configuration_tells_which_hosts_there_are_but_not_which_vms()
    {
        var config = _cli.WriteConfig(host: "control-1");
        var policies = _cli.Write("a.ulm", """
            never power off host controll-1
            never migrate vm whoever
            when host.cpu > 75% for 10m in cluster backup then evacuate heaviest fitting vm
            """);
        Assert.Equal(0, (await _cli.RunAsync("validate", policies)).Exit);
        var result = await _cli.RunAsync("validate", "--config", config, policies);
        Assert.Equal(ExitCode.PolicyErrors, result.Exit);
        Assert.Contains("error[ULM1906]: the site has no host `controll-1`\n --> a.ulm:1:22", result.Error);
        Assert.Contains("did you mean `control-1`?", result.Error);
        Assert.Contains("error[ULM1902]: the site has no cluster `backup`", result.Error);
        Assert.Contains("1 file: 2 errors", result.Out);
    }

    [Theory]
    [InlineData("always keep 1 host on\n", 0, "1 file, no rules, 1 constraint: no errors, no warnings\n")]
    [InlineData("\uFEFFalways keep 1 host on\n", 0, "1 file, no rules, 1 constraint: no errors, no warnings\n")]
    [InlineData("always keep 1 host of\n", ExitCode.PolicyErrors, "1 file: 1 error, no warnings\n")]
    public async Task A_dash_is_the_standard_input(string text, int exit, string summary)
    {
        _cli.Input = System.Text.Encoding.UTF8.GetBytes(text);
        var result = await _cli.RunAsync("validate", "-");
        Assert.Equal((exit, summary), (result.Exit, result.Out));
        Assert.Equal(exit != 0, result.Error.Contains(" --> standard input:1:20\n"));
        Assert.Contains("stands alone", (await _cli.RunAsync("validate", "-", "a.ulm")).Error);
    }

    [Fact]
    public async Task Without_files_and_without_a_configuration_there_is_nothing_to_check()
    {
        var result = await _cli.RunAsync("validate");
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("--config", result.Error);
        var broken = await _cli.RunAsync("validate", "--config", _cli.Write("ulm.toml", "[polling\n"));
        Assert.Equal(1, broken.Exit);
        Assert.StartsWith("ulm-server: the configuration is no TOML:\n  ulm.toml:1:9: ", broken.Error);
    }

    [Fact]
    public async Task Json_says_the_same_on_stdout()
    {
        var file = _cli.Write("a.ulm", "when host.cpu > 75 for 10m then evacuate heaviest fitting vm\n");
        var result = await _cli.RunAsync("validate", file, "--format", "json");
        Assert.Equal((3, ""), (result.Exit, result.Error));
        Assert.Equal("ulm.diagnostics/1", result.Json.GetProperty("schema").GetString());
        Assert.Equal(1, result.Json.GetProperty("errors").GetInt32());
        Assert.Equal(0, result.Json.GetProperty("warnings").GetInt32());
        var only = Assert.Single(result.Json.GetProperty("diagnostics").EnumerateArray());
        Assert.Equal("ULM1103", only.GetProperty("code").GetString());
        Assert.Equal((1, 17), (only.GetProperty("line").GetInt32(), only.GetProperty("column").GetInt32()));
    }

    [Theory]
    [InlineData("host.munin[\"sensors_temp.core0\"] > 80", null, null)]
    [InlineData("host.munin[\"sensors_temp.core9\"] > 80", "no munin-node of the site has `sensors_temp.core9`", "did you mean `sensors_temp.core0`?")]
    [InlineData("vm.munin[\"libvirt-blkstat.read\"] > 80", null, null)]
    [InlineData("vm.munin[\"guests.cpu\"] > 80", null, null)]
    [InlineData("vm.munin[\"libvirt-blkstat.reads\"] > 80", "no munin-node of the site has `libvirt-blkstat.reads` for any VM", "did you mean `libvirt-blkstat.read`?")]
    [InlineData("avg(host.munin[\"sensors_tmp.core0\"], 15m) > 80", "no munin-node of the site has `sensors_tmp.core0`", "did you mean `sensors_temp.core0`?")]
    public async Task Munin_fields_are_checked_against_what_the_site_has(string condition, string? message, string? help)
    {
        var result = await _cli.RunAsync("validate", _cli.Write("a.ulm", $"policy p when {condition} for 10m then evacuate heaviest fitting vm\n"), "--against", Cli.Data("three-hosts.site.json"), "--format", "json");
        var found = result.Json.GetProperty("diagnostics").EnumerateArray().ToList();
        Assert.Equal(message is null ? [] : ["ULM1909"], found.Select(d => d.GetProperty("code").GetString()));
        if (message is not null) Assert.Equal((message, help), (found[0].GetProperty("message").GetString(), found[0].GetProperty("help").GetString()));
        // A snapshot that does not tell its fields has none of them missing.
        var silent = _cli.Write("s.json", """{ "schema": "ulm.site/1", "hosts": [ { "name": "h1", "cpus": 4, "memoryMiB": 4096 } ], "vms": [] }""");
        Assert.DoesNotContain("ULM1909", (await _cli.RunAsync("validate", _cli.In("a.ulm"), "--against", silent, "--format", "json")).Out);
    }

    [Theory]
    [InlineData("never migrate vm dbb1", 3, "ULM1901", 1, 18, "did you mean `db1`?")]
    [InlineData("# pinned\nnever migrate vm # which?\n  tagged \"pined\"", 0, "ULM1903", 3, 10, "did you mean `pinned`?")]
    [InlineData("never migrate vm named \"wbe*\"", 0, "ULM1904", 1, 24, null)]
    [InlineData("always keep 1 host on in cluster defualt", 3, "ULM1902", 1, 34, "did you mean `default`?")]
    [InlineData("always keep 4 hosts on", 0, "ULM1905", 1, 1, "name a cluster, or a smaller number")]
    [InlineData("keep apart vms web1, dbb1, web2", 3, "ULM1901", 1, 22, "did you mean `db1`?")]
    [InlineData("never power off host h11", 3, "ULM1906", 1, 22, "did you mean `h1`?")]
    [InlineData("keep vm db1 on hosts h1, # or\n  h9, h2", 3, "ULM1906", 2, 3, "did you mean `h1`?")]
    [InlineData("keep vms tagged \"pinned\" on hosts tagged \"sd\"", 0, "ULM1907", 1, 42, null)]
    [InlineData("never power off hosts named \"x*\"", 0, "ULM1908", 1, 29, "the site has `h1`, `h2`, `h3`")]
    [InlineData("reserve 20% memory in cluster web", 3, "ULM1902", 1, 31, null)]
    [InlineData("reserve 3 hosts", 0, "ULM1905", 1, 1, "name a cluster, or a smaller number")]
    [InlineData("policy ready have 4 hosts on by 07:30 weekdays", 0, "ULM1905", 1, 1, "name a cluster, or a smaller number")]
    [InlineData("at 20:00 drain host h22", 3, "ULM1906", 1, 21, "did you mean `h2`?")]
    [InlineData("at 20:00 shut down host h22 for 1h", 3, "ULM1906", 1, 25, null)]
    [InlineData("policy db9 at 20:00 enter maintenance host db9", 3, "ULM1906", 1, 44, null)]
    [InlineData("policy db9 at 20:00 migrate vm db9 to host h1", 3, "ULM1901", 1, 32, "did you mean `db1`?")]
    [InlineData("at 20:00 migrate vm db1 to host db1", 3, "ULM1906", 1, 33, null)]
    [InlineData("when host.cpu > 75% and in cluster wbe then balance", 3, "ULM1902", 1, 36, null)]
    [InlineData("when host.cpu > 75% in cluster wbe then balance", 3, "ULM1902", 1, 32, null)]
    [InlineData("when host.cpu > 75% and not named \"x-*\" then balance", 0, "ULM1908", 1, 35, null)]
    [InlineData("when vm.cpu > 75% and tagged \"pined\" then balance", 0, "ULM1903", 1, 30, "did you mean `pinned`?")]
    [InlineData("when host.cpu > 75% then evacuate heaviest vm to hosts where host tagged \"fast\"", 0, "ULM1907", 1, 74, null)]
    [InlineData("hosts edge = named \"edge-*\"\nnever power off hosts edge", 0, "ULM1908", 1, 20, "the site has `h1`, `h2`, `h3`")]
    [InlineData("let far = host.cpu > 5% and in cluster wbe\nwhen far then balance", 3, "ULM1902", 1, 40, null)]
    [InlineData("policy pined when far then drain host\nlet near = vm.cpu > 5% and tagged \"pined\"\nlet far = near or vm.cpu > 9%", 0, "ULM1903", 2, 35, "did you mean `pinned`?")]
    [InlineData("let fan = host.munin[\"sensors_temp.core9\"] > 80\nwhen fan then evacuate heaviest vm", 0, "ULM1909", 1, 22, "did you mean `sensors_temp.core0`?")]
    [InlineData("let far = in cluster wbe\nwhen far then balance\nwhen far for 9m then balance", 3, "ULM1902", 1, 22, null)]
    public async Task Names_are_checked_against_a_snapshot(string sentence, int exit, string code, int line, int column, string? help)
    {
        var result = await _cli.RunAsync("validate", _cli.Write("a.ulm", sentence), "--against", Cli.Data("three-hosts.site.json"), "--format", "json");
        var only = Assert.Single(result.Json.GetProperty("diagnostics").EnumerateArray());
        Assert.Equal((exit, code), (result.Exit, only.GetProperty("code").GetString()));
        Assert.Equal((line, column), (only.GetProperty("line").GetInt32(), only.GetProperty("column").GetInt32()));
        if (help is not null) Assert.Equal(help, only.GetProperty("help").GetString());
    }

    [Fact]
    public async Task A_name_in_a_definition_of_another_file_is_pointed_at_there()
    {
        _cli.Write("p/a.ulm", "let far = host.cpu > 5% and tagged \"sd\"\n");
        _cli.Write("p/b.ulm", "policy sd when far for 10m then evacuate heaviest fitting vm\n");
        var result = await _cli.RunAsync("validate", _cli.In("p"), "--against", Cli.Data("three-hosts.site.json"));
        Assert.Contains("--> p/a.ulm:1:36\n", result.Error);
    }

    [Fact]
    public async Task Names_that_the_snapshot_has_are_nothing_to_speak_of()
    {
        var file = _cli.Write("a.ulm", "never migrate vm db1\nnever migrate vm tagged \"pinned\"\nnever migrate vm named \"web*\"\nalways keep 3 hosts on in cluster default\n");
        var result = await _cli.RunAsync("validate", file, "--against", Cli.Data("three-hosts.site.json"), "--deny-warnings");
        Assert.Equal((0, "1 file, no rules, 4 constraints: no errors, no warnings\n"), (result.Exit, result.Out));
    }

    [Fact]
    public void Codes_of_names_are_not_the_compilers() =>
        Assert.All(SiteNames.All, d => Assert.Null(DiagnosticCatalogue.Find(d.Code)));

    [Fact]
    public async Task Every_file_that_cannot_be_read_is_named()
    {
        var bytes = _cli.Write("bytes.ulm", [0x61, 0xff, 0xfe]);
        Directory.CreateDirectory(_cli.In("empty"));
        var result = await _cli.RunAsync("validate", _cli.In("nope.ulm"), bytes, _cli.In("empty"));
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("ulm-server: nope.ulm: there is no such file\n", result.Error);
        Assert.Contains("ulm-server: bytes.ulm: it is not UTF-8 text\n", result.Error);
        Assert.Contains("ulm-server: empty has no *.ulm file in it\n", result.Error);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_read_ends_the_command()
    {
        var result = await _cli.RunAsync("validate", _cli.Write("a.ulm", Quiet), "--against", _cli.Write("s.json", "{"));
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("s.json:1:", result.Error);
    }

    [Theory]
    [InlineData("at 20:00 2020-01-01 consolidate\n", true)]
    [InlineData("cron \"0 0 8 30 2 ?\" consolidate\n", true)]
    [InlineData("cron \"0 0 8 1 1 ? 2020\" consolidate\n", true)]
    [InlineData("cron \"0 0 8 29 2 ?\" consolidate\n", false)]
    [InlineData("at 20:00 2098-01-01 consolidate\n", false)]
    public async Task A_schedule_whose_time_has_passed_is_told(string text, bool told)
    {
        var result = await _cli.RunAsync("validate", _cli.Write("a.ulm", text), "--format", "json");
        Assert.Equal(told ? ["ULM2013"] : [], result.Json.GetProperty("diagnostics").EnumerateArray().Select(d => d.GetProperty("code").GetString()!));
    }
}
