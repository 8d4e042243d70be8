using Ulm.Engine.Rules;
using static Ulm.Engine.Rules.HoldState;
using static Ulm.Engine.Rules.Truth;

namespace Ulm.Engine.Tests.Rules;

/// <summary>Each arrow of the machine's own table, one row or fact an arrow; minutes count from <see cref="Some.Monday"/>.</summary>
public class HoldMachineTests
{
    private const int For = 10;

    [Theory]
    [InlineData(Inactive, True, For, Pending, false)]
    [InlineData(Inactive, True, 0, HoldState.Firing, true)]
    [InlineData(Inactive, False, For, Inactive, false)]
    [InlineData(Inactive, Unknown, 0, Inactive, false)]
    [InlineData(Pending, False, For, Inactive, false)]
    [InlineData(Pending, Unknown, For, Inactive, false)]
    [InlineData(HoldState.Firing, True, For, HoldState.Firing, false)]
    [InlineData(HoldState.Firing, Unknown, For, HoldState.Firing, false)]
    [InlineData(HoldState.Firing, False, For, Inactive, false)]
    public void One_step(HoldState from, Truth condition, int holdFor, HoldState to, bool fires)
    {
        var machine = HoldMachine.Restore(from, At(0), default, default);

        Assert.Equal(fires, machine.Step(At(1), condition, false, Unknown, Minutes(holdFor), TimeSpan.Zero, busy: false));
        Assert.Equal(to, machine.State);
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(11, true)]
    public void Pending_fires_once_it_was_true_for_the_whole_time(int minute, bool fires)
    {
        var machine = Pending0();

        Assert.Equal(fires, Step(ref machine, minute, True));
        Assert.Equal(fires ? HoldState.Firing : Pending, machine.State);
        Assert.Equal(At(fires ? minute : 0), machine.Since);
    }

    [Fact]
    public void It_fires_only_once_while_the_condition_stays_true()
    {
        var machine = Pending0();

        Assert.Equal([10], Enumerable.Range(1, 60).Where(m => Step(ref machine, m, True)));
    }

    [Theory]
    [InlineData(False)]
    [InlineData(Unknown)]
    public void A_break_starts_the_clock_anew(Truth broken)
    {
        var machine = Pending0();

        Assert.Equal([16], Enumerable.Range(1, 20).Where(m => Step(ref machine, m, m == 5 ? broken : True)));
    }

    [Fact]
    public void A_busy_subject_becomes_due_but_fires_only_when_it_is_free()
    {
        var machine = Pending0();

        Assert.False(Step(ref machine, 10, True, busy: true));
        Assert.False(Step(ref machine, 12, True, busy: true));
        Assert.Equal(Pending, machine.State);
        Assert.True(Step(ref machine, 13, True));
    }

    [Fact]
    public void With_a_second_mark_it_stays_firing_until_that_mark()
    {
        var machine = HoldMachine.Restore(HoldState.Firing, At(0), default, default);

        Step(ref machine, 1, False, until: False);
        Assert.Equal(HoldState.Firing, machine.State);
        Step(ref machine, 2, False, until: Unknown);
        Assert.Equal(HoldState.Firing, machine.State);
        Step(ref machine, 3, False, until: True);
        Assert.Equal(Inactive, machine.State);
    }

    [Fact]
    public void It_cools_until_the_cooldown_of_the_firing_is_over()
    {
        var machine = Pending0();
        Assert.True(Step(ref machine, 10, True, cooldown: 30));

        Step(ref machine, 11, False, cooldown: 30);
        Assert.Equal(Cooling, machine.State);
        Step(ref machine, 39, True, cooldown: 30);
        Assert.Equal(Cooling, machine.State);
        Step(ref machine, 40, True, cooldown: 30);
        Assert.Equal((Pending, At(40)), (machine.State, machine.Since));
        Assert.True(Step(ref machine, 50, True, cooldown: 30));
    }

    [Fact]
    public void A_cooldown_that_is_over_before_the_condition_is_leaves_nothing_to_cool()
    {
        var machine = Pending0();
        Step(ref machine, 10, True, cooldown: 5);
        Step(ref machine, 20, False, cooldown: 5);

        Assert.Equal(Inactive, machine.State);
    }

    [Theory]
    [InlineData(0, Inactive)]
    [InlineData(30, Cooling)]
    public void When_its_action_has_ended_it_counts_anew_on_later_samples(int cooldown, HoldState to)
    {
        var machine = Pending0();
        Step(ref machine, 10, True, cooldown: cooldown);

        machine.Rearm(At(12), FiringEnd.Done, hasUntil: false);

        Assert.Equal((to, At(12)), (machine.State, machine.IgnoreBefore));
    }

    [Fact]
    public void With_a_second_mark_the_end_of_its_action_does_not_arm_it_again()
    {
        var machine = Pending0();
        Step(ref machine, 10, True);

        machine.Rearm(At(12), FiringEnd.Done, hasUntil: true);
        var fired = Step(ref machine, 30, True, until: False);

        Assert.Equal((false, HoldState.Firing, At(12)), (fired, machine.State, machine.IgnoreBefore));
        Step(ref machine, 31, False, until: True);
        Assert.Equal(Inactive, machine.State);
    }

    /// <summary>The second mark is about what was done: where nothing was, it is asked again.</summary>
    [Theory]
    [InlineData(FiringEnd.InVain)]
    [InlineData(FiringEnd.Unheard)]
    public void With_a_second_mark_a_firing_that_nothing_came_of_is_armed_again(FiringEnd end)
    {
        var machine = Pending0();
        Step(ref machine, 10, True, until: False);

        machine.Rearm(At(12), end, hasUntil: true);

        Assert.Equal([23], Enumerable.Range(13, 30).Where(m => Step(ref machine, m, True, until: False)));
    }

    [Fact]
    public void What_fired_in_vain_has_told_until_its_condition_is_false()
    {
        var machine = Pending0();
        Step(ref machine, 10, True);

        machine.Rearm(At(12), FiringEnd.InVain, hasUntil: false);
        Step(ref machine, 13, Unknown);
        machine.Rearm(At(14), FiringEnd.Unheard, hasUntil: false);
        Assert.True(machine.HasTold);

        Step(ref machine, 15, False);
        Assert.False(machine.HasTold);
    }

    [Fact]
    public void An_end_that_comes_while_it_already_counts_anew_takes_nothing_away()
    {
        var machine = Pending0();

        machine.Rearm(At(5), FiringEnd.Done, hasUntil: false);

        Assert.Equal((Pending, At(0), At(5)), (machine.State, machine.Since, machine.IgnoreBefore));
    }

    private static HoldMachine Pending0() => HoldMachine.Restore(Pending, At(0), default, default);

    private static bool Step(ref HoldMachine machine, int minute, Truth condition, Truth? until = null, int cooldown = 0, bool busy = false) =>
        machine.Step(At(minute), condition, until is not null, until ?? Unknown, Minutes(For), Minutes(cooldown), busy);

    private static DateTimeOffset At(int minute) => Some.Monday.AddMinutes(minute);

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);
}
