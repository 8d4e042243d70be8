using System.CommandLine;
using System.Text.Json;
using Ulm.Server.Policies;
using Ulm.Server.Testing;

namespace Ulm.Server.Commands;

/// <summary><c>test</c>: the <c>test</c> sentences of policies, each on a site of its own in virtual time.</summary>
public static class TestCommand
{
    public static Command Create(Terminal terminal)
    {
        var (paths, format, zone) = (FileOptions.Paths(), CommonOptions.Format("text", "json", "junit"), FileOptions.Zone());
        var each = new Option<bool>("--each") { Description = "Take each file for a policy set of its own, as in a folder of samples; otherwise all of them are in force together" };
        var coverage = new Option<bool>("--coverage-required") { Description = "Exit with 2 if some rule fires in no test" };
        var command = new Command("test", "Run the test sentences of policy files, and list the rules that none of them exercises.") { paths, each, coverage, zone, format };
        command.SetAction((result, ct) =>
        {
            var given = TimeText.Zone(result.GetValue(zone));
            var results = TestResults.None;
            foreach (var files in Sets(result.GetValue(paths)!, result.GetValue(each), terminal))
            {
                var ofSet = PolicyTests.Run(files, given, ct);
                files.Print([.. ofSet.Faults.Select(f => f.Fault)], terminal);
                results = results.With(ofSet);
            }

            Report(results, result.GetValue(format), terminal);
            if (results.Outcomes.IsEmpty && results.Faults.IsEmpty) throw new CommandFailedException("there is no `test` sentence in these files: nothing was tested");
            return Task.FromResult(!results.Faults.IsEmpty ? ExitCode.PolicyErrors
                : results.Failed > 0 || (result.GetValue(coverage) && !results.NotExercised.IsEmpty) ? ExitCode.No
                : ExitCode.Clean);
        });
        return command;
    }

    private static IEnumerable<PolicyFiles> Sets(string[] paths, bool each, Terminal terminal)
    {
        if (!each) return [PolicyFiles.LoadSoundFiles(paths, terminal)];
        // All of them are read and compiled before the first test runs: a fault in the last file is not told after minutes.
        return [.. PolicyFiles.ReadTexts(paths).Select(text => PolicyFiles.Sound(PolicyFiles.Compile([text]), terminal))];
    }

    private static void Report(TestResults results, OutputFormat format, Terminal terminal)
    {
        switch (format)
        {
            case OutputFormat.Json:
                terminal.Out.WriteLine(JsonSerializer.Serialize(TestDocument.Of(results), CommonOptions.Json));
                break;
            case OutputFormat.Junit:
                terminal.Out.WriteLine(JUnitReport.Write(results));
                break;
            default:
                TestText.Print(results, terminal);
                break;
        }
    }
}
