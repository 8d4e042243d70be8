using Ulm.Engine.Inventory;

namespace Ulm.Engine.Facts;

/// <summary>
/// Somebody wants a host or a VM left as it is, for a while. A held VM is not moved; a held host is not closed and not powered on or off, and no VM
/// leaves it or comes to it. Kept in the store, and ends by itself.
/// </summary>
public sealed record OperatorHold(SubjectRef Subject, string By, string Because, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary><c>vm/web1 is held by ann until 2026-01-05 14:00:00 UTC: backup runs</c></summary>
    public override string ToString() => $"{Subject} {OfSubject}";

    /// <summary>The same where its subject has been named.</summary>
    public string OfSubject => $"is held by {By} until {Show.Time(Until)}: {Because}";
}
