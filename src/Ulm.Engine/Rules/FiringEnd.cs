namespace Ulm.Engine.Rules;

/// <summary>What came of a firing.</summary>
public enum FiringEnd
{
    /// <summary>Something was done.</summary>
    Done,

    /// <summary>All was refused, or failed; people were told what the rule tells them.</summary>
    InVain,

    /// <summary>It came to nothing before anything was tried or told: another rule had its host, or the journal could not be written.</summary>
    Unheard,
}
