using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ulm.Dsl;
using Ulm.Server.Embedded;
using Ulm.Server.Hosting;
using Ulm.Server.Policies;

namespace Ulm.Server.Commands;

/// <summary>The daemon; without a configuration, the embedded simulated site.</summary>
public static class RunCommand
{
    /// <summary>Half an hour of the simulated site a second: a working day passes in about twenty.</summary>
    private const double DefaultSpeed = 1800;

    public static Command Create(Terminal terminal)
    {
        var config = new Option<string?>("--config") { Description = "ulm.toml of a real site; without it, a simulated site runs in fast time" };
        var figures = new Option<bool>("--figures") { Description = "show every host's figures at each poll" };
        var policies = new Option<string[]>("--policies") { Description = "simulated site: policies instead of the built-in ones", AllowMultipleArgumentsPerToken = true };
        var duration = new Option<string?>("--for") { Description = "simulated site: end after this much of its time, such as 2d" };
        var speed = new Option<double>("--speed") { Description = "simulated site: its seconds a second; 0 is as fast as it goes", HelpName = "N", DefaultValueFactory = _ => DefaultSpeed, CustomParser = Speed };
        var faults = new Option<string?>("--faults") { Description = "simulated site: what shall go wrong, as for `simulate`", HelpName = "FILE" };
        var socket = new Option<string?>("--socket") { Description = "simulated site: answer commands on this Unix socket" };
        var command = new Command("run", "Run the server; without --config, on an embedded simulated site.") { config, figures, policies, duration, speed, faults, socket };
        command.SetAction(async (result, ct) =>
        {
            if (result.GetValue(config) is { } file)
            {
                foreach (var option in new Option[] { policies, duration, speed, faults, socket })
                {
                    if (result.GetResult(option) is { Implicit: false })
                        throw new CommandFailedException($"{option.Name} is for the simulated site; a real one is described by {file}");
                }

                return await LiveServer.RunAsync(file, result.GetValue(figures), terminal, ct);
            }

            var length = result.GetValue(duration) is not { } text ? TimeSpan.FromDays(365)
                : DurationText.Parse(text) is { } parsed && parsed > TimeSpan.Zero ? parsed : throw new CommandFailedException($"--for {text}: write a duration such as 90m or 2d");
            var rate = result.GetValue(speed);
            var paths = result.GetValue(policies) ?? [];
            var set = paths.Length > 0 ? PolicyFiles.LoadSound(paths, terminal) : PolicyCompiler.Compile(EmbeddedSite.Policies()).Policies;
            return await EmbeddedRun.RunAsync(set, paths, length, result.GetValue(faults), rate, result.GetValue(figures), result.GetValue(socket), terminal, ct);
        });
        return command;
    }

    private static double Speed(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) && speed >= 0 && double.IsFinite(speed)) return speed;
        result.AddError($"--speed: `{text}` is not a number of 0 or more");
        return DefaultSpeed;
    }
}
