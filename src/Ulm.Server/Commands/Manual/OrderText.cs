using Ulm.Server.Api.Manual;

namespace Ulm.Server.Commands.Manual;

/// <summary>What became of an order, for people.</summary>
internal static class OrderText
{
    public static void Print(Terminal terminal, OrderDocument order)
    {
        var output = terminal.Out;
        output.WriteLine((order.DryRun, order.Outcome) switch
        {
            (_, OrderOutcome.NothingToDo) => $"Nothing to do: {order.Says}.",
            (true, OrderOutcome.Refused) => $"{order.Order}: would be refused. Nothing was done.",
            (true, _) => $"{order.Order} would be, and was not done:",
            (false, OrderOutcome.Refused) => $"{order.Order}: refused.",
            _ => $"{order.Order}, decision {order.Decision}:",
        });
        var width = order.DryRun ? order.Steps.Select(s => s.ToString().Length).DefaultIfEmpty().Max() : 0;
        var longest = order.Steps.Select(s => PlanText.Takes(s.Seconds).Length).DefaultIfEmpty().Max();
        foreach (var step in order.Steps)
        {
            // Of what is begun, how it gets on is told as it does.
            var takes = order.DryRun ? $"   {PlanText.Takes(step.Seconds).PadLeft(longest)}" : "";
            output.WriteLine($"  {step.Id,3}  {step.ToString().PadRight(width)}{takes}{(step.After.IsEmpty ? "" : $"   after {string.Join(", ", step.After)}")}".TrimEnd());
            if (step.Endless is { } endless) output.WriteLine($"       {endless}");
        }

        if (order.Then is { } then) output.WriteLine($"       then {then}");
        foreach (var refused in order.Refused)
        {
            output.WriteLine($"{(order.Outcome == OrderOutcome.Refused ? "" : "Not done: ")}{refused.Code}  {refused.Subject}");
            foreach (var why in refused.Why) output.WriteLine($"  {why}");
        }
    }
}
