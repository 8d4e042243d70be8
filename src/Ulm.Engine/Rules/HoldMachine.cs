namespace Ulm.Engine.Rules;

public enum HoldState
{
    Inactive,
    Pending,
    Firing,
    Cooling,
}

/// <summary>
/// The life of one (rule, subject):
/// <code>
/// Inactive --condition true--------------------> Pending   (straight on to Firing where the rule has no `for`)
/// Pending  --true for the whole time, free-----> Firing    (this transition is the firing; held back by guards and by work under way)
/// Pending  --false or unknown------------------> Inactive  (unknown never counts towards `for`)
/// Firing   --false, or `until` true------------> Inactive, or Cooling while the cooldown still runs
/// Firing   --its action was done, no until-----> the same; only what is measured afterwards counts
/// Firing   --nothing came of it (Rearm)--------> the same, with `until` or without: there was nothing for it to wait for
/// Cooling  --cooldown over---------------------> Inactive
/// </code>
/// A value type without a clock: the caller hands in the instant.
/// </summary>
public struct HoldMachine
{
    public HoldState State { get; private set; }

    /// <summary>When the present state began.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>End of the cooldown of the last firing.</summary>
    public DateTimeOffset CoolUntil { get; private set; }

    /// <summary>Samples captured before this instant don't count: they were taken before the last action ended.</summary>
    public DateTimeOffset IgnoreBefore { get; private set; }

    /// <summary>It fired in vain, told people so, and its condition was not false since: should it fire again, that is no news.</summary>
    public bool HasTold { get; private set; }

    /// <param name="condition">The rule's condition now.</param>
    /// <param name="until">The rule's second mark now; <see cref="Truth.Unknown"/> and <paramref name="hasUntil"/> false where it has none.</param>
    /// <param name="busy">The subject is being acted on: it may become due, but does not fire.</param>
    /// <returns>True at the one transition from Pending to Firing.</returns>
    public bool Step(DateTimeOffset at, Truth condition, bool hasUntil, Truth until, TimeSpan holdFor, TimeSpan cooldown, bool busy)
    {
        if (!Advance(at, condition, hasUntil, until, holdFor) || busy) return false;
        Fire(at, cooldown);
        return true;
    }

    /// <summary>All arrows but the firing.</summary>
    /// <returns>True: it is due, and fires as soon as nothing holds it back.</returns>
    public bool Advance(DateTimeOffset at, Truth condition, bool hasUntil, Truth until, TimeSpan holdFor)
    {
        if (condition == Truth.False) HasTold = false;
        if (State == HoldState.Cooling && at >= CoolUntil) Enter(HoldState.Inactive, at);
        if (State == HoldState.Firing && (hasUntil ? until == Truth.True : condition == Truth.False)) Leave(at);
        if (State == HoldState.Inactive && condition == Truth.True) Enter(HoldState.Pending, at);
        if (State != HoldState.Pending) return false;
        if (condition == Truth.True) return at - Since >= holdFor;
        Enter(HoldState.Inactive, at);
        return false;
    }

    /// <summary>The transition from Pending to Firing, of a machine that is due.</summary>
    public void Fire(DateTimeOffset at, TimeSpan cooldown)
    {
        Enter(HoldState.Firing, at);
        CoolUntil = at + cooldown;
    }

    /// <summary>The firing is over: from here on only what is measured at or after <paramref name="at"/> counts.</summary>
    /// <param name="hasUntil">With a second mark a rule that has done something stays as it is until that is reached: that is what the mark is for.</param>
    public void Rearm(DateTimeOffset at, FiringEnd end, bool hasUntil)
    {
        IgnoreBefore = at;
        if (end != FiringEnd.Unheard) HasTold = end == FiringEnd.InVain;
        if (State is HoldState.Firing && !(hasUntil && end == FiringEnd.Done)) Leave(at);
    }

    /// <summary>Puts a machine back as it was kept in the store.</summary>
    public static HoldMachine Restore(HoldState state, DateTimeOffset since, DateTimeOffset coolUntil, DateTimeOffset ignoreBefore, bool hasTold = false) =>
        new() { State = state, Since = since, CoolUntil = coolUntil, IgnoreBefore = ignoreBefore, HasTold = hasTold };

    private void Leave(DateTimeOffset at) => Enter(at < CoolUntil ? HoldState.Cooling : HoldState.Inactive, at);

    private void Enter(HoldState state, DateTimeOffset at)
    {
        State = state;
        Since = at;
    }
}
