using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Ulm.Dsl.Diagnostics;
using Ulm.Engine.Inventory;
using Ulm.Server.Configuration;
using Ulm.Server.Policies;
using Ulm.Server.Sarif;
using Ulm.Server.Testing;

namespace Ulm.Server.Commands;

/// <summary><c>validate</c>: everything there is to say about policy files.</summary>
public static class ValidateCommand
{
    private const int MostTied = 20;

    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Policy files, or directories with *.ulm files; - reads standard input; with --config, those of the configuration where none are named", Arity = ArgumentArity.ZeroOrMore };
        var config = FileOptions.Config("its time zone and polling interval");
        var format = CommonOptions.Format("text", "json", "sarif");
        var deny = new Option<bool>("--deny-warnings") { Description = "Exit with 3 on warnings too" };
        var against = new Option<string>("--against") { Description = "Site snapshot, or the socket of a running server, whose hosts, VMs, tags, clusters and munin fields the policies must name", HelpName = "SITE" };
        var command = new Command("validate", "Check policy files: every fault of all of them in one run.") { paths, config, deny, against, format };
        command.SetAction(async (result, ct) =>
        {
            var server = result.GetValue(config) is { } file ? ConfigReader.Read(file) : null;
            var named = FileOptions.PathsOf(result.GetValue(paths), server);
            var files = FileOptions.StreamOf(named, terminal) is { } stream ? PolicyFiles.Compile([PolicyFiles.WithoutMark(stream)], server?.Clock) : PolicyFiles.Load(named, server?.Clock);
            var diagnostics = files.Result.Diagnostics;
            if (server is not null) diagnostics = diagnostics.AddRange(ConfigNames.Check(files.Result.Policies, server, files.Sources));
            // A site knows its hosts as a configuration does, and its VMs too.
            if (FileOptions.StreamOf(named, terminal) is null) diagnostics = diagnostics.AddRange(PolicyTests.Check(files));
            var snapshot = result.GetValue(against) is { } site ? await SiteFile.ReadOrAskAsync(site, ct) : null;
            if (snapshot is not null) diagnostics = diagnostics.AddRange(SiteNames.Check(files.Result.Policies, snapshot, files.Sources));
            else if (server is not null)
                diagnostics = diagnostics.AddRange(SiteNames.CheckHosts(files.Result.Policies, ConfigNames.HostsOf(server), files.Sources));
            diagnostics = InTextOrder(diagnostics, files);

            Report(files, diagnostics, result.GetValue(format), terminal);
            if (result.GetValue(format) == OutputFormat.Text && snapshot is not null) TellTied(snapshot.Site, terminal);
            var errors = diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error);
            return errors || (result.GetValue(deny) && diagnostics.Length > 0) ? ExitCode.PolicyErrors : ExitCode.Clean;
        });
        return command;
    }

    private static void Report(PolicyFiles files, ImmutableArray<Diagnostic> diagnostics, OutputFormat format, Terminal terminal)
    {
        switch (format)
        {
            case OutputFormat.Json:
                terminal.Out.WriteLine(JsonSerializer.Serialize(DiagnosticsDocument.Of(diagnostics), CommonOptions.Json));
                break;
            case OutputFormat.Sarif:
                terminal.Out.WriteLine(SarifReport.Write(diagnostics, files.Sources, Directory.GetCurrentDirectory()));
                break;
            default:
                files.Print(diagnostics, terminal);
                terminal.Out.WriteLine(Summary(files, diagnostics));
                break;
        }
    }

    /// <summary>No fault of the policies; but what they say of these VMs, or of the hosts that they are on, is not going to be done.</summary>
    private static void TellTied(Site site, Terminal terminal)
    {
        var tied = site.Vms.Where(v => v.NotMigratableBecause is not null).ToList();
        if (tied.Count > 0) terminal.Out.WriteLine("No policy moves these VMs, as they can't be moved while they run; their hosts are not emptied:");
        foreach (var vm in tied.Take(MostTied)) terminal.Out.WriteLine($"  vm {vm.Name} on {vm.Host}: {vm.NotMigratableBecause}");
        if (tied.Count > MostTied) terminal.Out.WriteLine($"  and {tied.Count - MostTied} more");
    }

    private static string Summary(PolicyFiles files, ImmutableArray<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error);
        var found = $"{Words.Count(errors, "error")}, {Words.Count(diagnostics.Length - errors, "warning")}";
        var (rules, constraints) = (files.Result.Policies.Rules.Length, files.Result.Policies.Constraints.Length);
        return errors == 0
            ? $"{Words.Count(files.Sources.Length, "file")}, {Words.Count(rules, "rule")}, {Words.Count(constraints, "constraint")}: {found}"
            : $"{Words.Count(files.Sources.Length, "file")}: {found}";
    }

    private static ImmutableArray<Diagnostic> InTextOrder(ImmutableArray<Diagnostic> diagnostics, PolicyFiles files)
    {
        var order = files.Sources.Select((s, i) => (s.Name, i)).ToDictionary(s => s.Name, s => s.i);
        return [.. diagnostics.OrderBy(d => order[d.SourceFile]).ThenBy(d => d.Span.Start).ThenBy(d => d.Code, StringComparer.Ordinal)];
    }
}
