using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules.Network;

/// <summary>Whom a rule has to leave alone for a while, since it fired for them or for another subject of the same host or cluster.</summary>
internal sealed class Cooldowns(Rule rule)
{
    private readonly Dictionary<SubjectRef, DateTimeOffset> _until = [];

    public TimeSpan Length => rule.Cooldown ?? TimeSpan.Zero;

    public IEnumerable<(SubjectRef Group, DateTimeOffset Until)> Running => _until.OrderBy(u => u.Key.ToString(), StringComparer.Ordinal).Select(u => (u.Key, u.Value));

    /// <summary>True where a cooldown is kept for more than the subject itself.</summary>
    public static bool IsShared(Rule rule, SubjectKind subject) => rule.Cooldown is not null && rule.CooldownPer is { } per && per != subject && subject.HasKeyOf(per);

    /// <summary>Null: none runs.</summary>
    public DateTimeOffset? Until(SubjectRef group, DateTimeOffset at) => _until.Count > 0 && _until.TryGetValue(group, out var until) && at < until ? until : null;

    public void Start(SubjectRef group, DateTimeOffset at)
    {
        if (Length > TimeSpan.Zero) _until[group] = at + Length;
    }

    public void Restore(SubjectRef group, DateTimeOffset until) => _until[group] = until;

    public void ForgetPast(DateTimeOffset at)
    {
        if (_until.Count == 0) return;
        foreach (var group in _until.Where(u => u.Value <= at).Select(u => u.Key).ToList()) _until.Remove(group);
    }
}
