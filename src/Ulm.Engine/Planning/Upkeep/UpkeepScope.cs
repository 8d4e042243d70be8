namespace Ulm.Engine.Planning.Upkeep;

/// <summary>What is to be kept up beside what was decided.</summary>
[Flags]
public enum UpkeepScope
{
    None = 0,

    /// <summary>What policies demand: constraints, and orders that rules gave.</summary>
    Policies = 1,

    /// <summary>Orders that were given by hand: somebody has said already that they are to be carried out.</summary>
    OrdersByHand = 2,

    All = Policies | OrdersByHand,
}
