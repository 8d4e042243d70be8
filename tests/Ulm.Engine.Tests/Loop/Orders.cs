using Ulm.Engine.Decisions;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Loop;

/// <summary>What somebody orders of a server that runs, with what it answers.</summary>
internal sealed class Orders
{
    public List<OrderAnswer> Answers { get; } = [];

    public Action<ControlLoop> Give(ManualOrder order, string? because = null, bool dryRun = false) =>
        async loop => Answers.Add(await loop.Operators.OrderAsync(order, "ann", because, dryRun));

    public static Run ThreeHosts() => new([Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1"), Some.Vm("b", "h1"), Some.Vm("c", "h2")], (_, _) => 10);
}
