using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>Tells once what breaks a constraint and can't be mended; again when the reason is another one, or after it was gone.</summary>
internal sealed class UnmendedLog
{
    private HashSet<(string Rule, string Subject, RefusalCode Code)> _told = [];

    public IEnumerable<Refusal> New(IReadOnlyCollection<Refusal> unmended)
    {
        var before = _told;
        _told = [.. unmended.Select(KeyOf)];
        return unmended.Where(u => !before.Contains(KeyOf(u)));
    }

    private static (string, string, RefusalCode) KeyOf(Refusal refusal) => (refusal.Rule, refusal.Subject, refusal.Code);
}
