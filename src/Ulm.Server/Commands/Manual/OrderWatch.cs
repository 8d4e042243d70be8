using System.Globalization;
using System.Text.RegularExpressions;
using Spectre.Console;
using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary>Follows an order until it is over: with a line for each step that moves on a terminal, with a line for each change elsewhere.</summary>
internal static partial class OrderWatch
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(300);

    /// <param name="terminal">Where it is shown; null: nowhere.</param>
    public static async Task<OrderProgress> Over(Terminal? terminal, Func<Task<OrderProgress>> ask, CancellationToken ct)
    {
        if (terminal is { IsTerminal: true })
        {
            OrderProgress? last = null;
            await SpectreConsole.Live(terminal).Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
                .StartAsync(async context => last = await UntilOverAsync(new Bars(context).Show, ask, ct));
            return last!;
        }

        return await UntilOverAsync(terminal is null ? _ => { } : new Lines(terminal).Show, ask, ct);
    }

    private static async Task<OrderProgress> UntilOverAsync(Action<OrderProgress> show, Func<Task<OrderProgress>> ask, CancellationToken ct)
    {
        while (true)
        {
            var progress = await ask();
            show(progress);
            if (progress.Over) return progress;
            await Task.Delay(Between, ct);
        }
    }

    private static double PercentOf(OrderProgress.Step step) => step.IsOver ? 100
        : step.Detail is { } detail && Copied().Match(detail) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"([0-9]+)% copied")]
    private static partial Regex Copied();

    private sealed class Bars(ProgressContext context)
    {
        private readonly Dictionary<int, ProgressTask> _tasks = [];

        public void Show(OrderProgress progress)
        {
            foreach (var step in progress.Steps)
            {
                if (!_tasks.TryGetValue(step.Id, out var task)) _tasks.Add(step.Id, task = context.AddTask(step.Text));
                task.Description = Markup.Escape(step.Detail is { } detail ? $"{step.Text}: {detail}" : step.Text);
                task.Value = PercentOf(step);
                task.IsIndeterminate = step.State == StepState.UnderWay && task.Value == 0;
                if (step.IsOver) task.StopTask();
            }
        }
    }

    private sealed class Lines(Terminal terminal)
    {
        private readonly Dictionary<int, StepState> _told = [];

        public void Show(OrderProgress progress)
        {
            foreach (var step in progress.Steps)
            {
                if (_told.GetValueOrDefault(step.Id) == step.State) continue;
                _told[step.Id] = step.State;
                terminal.Out.WriteLine($"{Label(step.State),-9} {step.Text}{(step.Detail is { } detail ? $": {detail}" : "")}");
                terminal.Out.Flush();
            }
        }

        private static string Label(StepState state) => state switch
        {
            StepState.UnderWay => "begun",
            StepState.Succeeded => "done",
            StepState.InDoubt => "in doubt",
            _ => state.ToString().ToLowerInvariant(),
        };
    }
}
