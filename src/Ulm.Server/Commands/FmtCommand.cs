using System.CommandLine;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Formatting;
using Ulm.Server.Policies;

namespace Ulm.Server.Commands;

/// <summary><c>fmt</c>: policy files in the one form there is.</summary>
public static class FmtCommand
{
    public static Command Create(Terminal terminal)
    {
        var paths = FileOptions.Paths();
        paths.Description = "Policy files, or directories with *.ulm files; - reads standard input and writes standard output";
        var check = new Option<bool>("--check") { Description = "Write nothing; name the files that would change, and exit with 2 if there are any" };
        var diff = new Option<bool>("--diff") { Description = "Write nothing; show what would change, and exit with 2 if anything would" };
        var command = new Command("fmt", "Lay policy files out in the one canonical form. Comments are kept, and what the policies mean is compared before anything is written.")
        {
            paths, check, diff,
        };
        command.SetAction(result =>
        {
            var names = result.GetValue(paths)!;
            var stream = FileOptions.StreamOf(names, terminal);
            return new Run(terminal, result.GetValue(check), result.GetValue(diff), stream is not null).All(stream is not null ? [stream] : PolicyFiles.ReadAll(names));
        });
        return command;
    }

    private sealed class Run(Terminal terminal, bool check, bool diff, bool stream)
    {
        private readonly List<(SourceText Source, Diagnostic Fault)> _faults = [];
        private bool _wouldChange;
        private bool _failed;

        public int All(IReadOnlyCollection<SourceText> sources)
        {
            foreach (var source in sources) One(source);
            if (_faults.Count > 0) terminal.Error.WriteLine(DiagnosticText.Render(_faults.Select(f => f.Fault), [.. _faults.Select(f => f.Source).Distinct()], terminal.ErrorColour));
            return _failed ? ExitCode.CouldNotRun : _faults.Count > 0 ? ExitCode.PolicyErrors : _wouldChange ? ExitCode.No : ExitCode.Clean;
        }

        private void One(SourceText source)
        {
            switch (PolicyFormatter.Format(source))
            {
                case FormatResult.Formatted(var text):
                    Formatted(source, text);
                    break;
                case FormatResult.Faulty(var diagnostics):
                    _faults.AddRange(diagnostics.Select(d => (source, d)));
                    break;
                case FormatResult.Refused(var because):
                    Fail($"{source.Name} is left as it is: {because}. This is a fault of ulm-server, not of the file; please report it");
                    break;
            }
        }

        private void Formatted(SourceText source, string text)
        {
            var changed = text != source.Text;
            if (check || diff)
            {
                _wouldChange |= changed;
                if (changed) terminal.Out.Write(diff ? UnifiedDiff.Of(source.Name, source.Text, text) : source.Name + "\n");
            }
            else if (stream)
                terminal.Out.Write(text);
            else if (changed)
                Write(source.Name, text);
        }

        private void Write(string path, string text)
        {
            try
            {
                FormattedFile.Replace(path, text);
                terminal.Out.WriteLine(path);
            }
            catch (CommandFailedException e)
            {
                Fail(e.Message);
            }
        }

        private void Fail(string message)
        {
            _failed = true;
            terminal.Error.WriteLine($"ulm-server: {message}");
        }
    }
}
