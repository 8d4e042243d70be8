using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>A constraint, and the sentence it comes from.</summary>
internal sealed record BoundConstraint(StandingConstraint Constraint, ConstraintSyntax Syntax, ParsedSentence Sentence)
{
    public Place Place => Sentence.Place;
}

/// <summary>Standing constraints.</summary>
internal sealed class ConstraintBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag)
{
    private const string NoPause = "leave the sentence out if VMs may move again at once";

    private readonly QuantityReader _quantities = new(sentence, bag);
    private readonly SelectorBinder _selectors = new(sentence, definitions, bag);

    /// <summary>Null where the sentence has a fault.</summary>
    public StandingConstraint? Bind(ConstraintSyntax syntax)
    {
        var errors = bag.ErrorCount;
        var bound = Constraint(syntax, TokenSpacing.Join(syntax.Tokens.AsSpan()), sentence.Location(syntax.Span));
        return errors == bag.ErrorCount ? bound : null;
    }

    private StandingConstraint? Constraint(ConstraintSyntax syntax, string text, SourceLocation at) => syntax switch
    {
        NeverMigrateSyntax s => new StandingConstraint.NeverMigrate(_selectors.Vms(s.Vms)) { Text = text, Location = at },
        NeverPowerOffSyntax s => new StandingConstraint.NeverPowerOff(_selectors.Hosts(s.Hosts)) { Text = text, Location = at },
        AffinitySyntax { Together: false } s => new StandingConstraint.Apart(_selectors.SeveralVms(s.Vms), s.Hard) { Text = text, Location = at },
        AffinitySyntax s => new StandingConstraint.Together(_selectors.SeveralVms(s.Vms), s.Hard) { Text = text, Location = at },
        KeepOnSyntax s => new StandingConstraint.KeepOn(_selectors.Vms(s.Vms), _selectors.Hosts(s.Hosts)) { Text = text, Location = at },
        AlwaysKeepSyntax s => Hosts(s.Count, s.Cluster) is var (count, cluster)
            ? new StandingConstraint.AlwaysKeepHostsOn(count, cluster) { Text = text, Location = at } : null,
        ReserveSyntax { Of: null } s => Hosts(s.Amount, s.Cluster) is var (count, cluster)
            ? new StandingConstraint.ReserveHosts(count, cluster) { Text = text, Location = at } : null,
        ReserveSyntax { Of: { } of } s => Share(s.Amount, s.Cluster) is var (percent, cluster)
            ? new StandingConstraint.ReserveShare(of, percent, cluster) { Text = text, Location = at } : null,
        LimitMigrationsSyntax s => new StandingConstraint.LimitMigrations(Optional(s.PerHost), Optional(s.InTotal)) { Text = text, Location = at },
        MigrationBudgetSyntax s => Budget(s.Count, s.Per, "migrations") is var (count, per)
            ? new StandingConstraint.MigrationBudget(count, per) { Text = text, Location = at } : null,
        PowerCycleBudgetSyntax s => Budget(s.Count, s.Per, "power cycles") is var (count, per)
            ? new StandingConstraint.PowerCycleBudget(count, per) { Text = text, Location = at } : null,
        VmCooldownSyntax s => _quantities.Duration(s.Duration, "leave the sentence out if VMs may move again at once") is { } pause
            ? new StandingConstraint.VmCooldown(pause) { Text = text, Location = at } : null,
        OvercommitSyntax s => _quantities.Factor(s.Factor) is { } factor
            ? new StandingConstraint.OvercommitCpu(factor) { Text = text, Location = at } : null,
        _ => throw new InvalidOperationException($"No binding for {syntax.GetType().Name}."),
    };

    private (int Count, string? Cluster)? Hosts(QuantitySyntax written, NameSyntax? cluster)
    {
        CheckName(cluster);
        return _quantities.Count(written, least: 1) is { } count ? (count, cluster?.Value) : null;
    }

    private (double Percent, string? Cluster)? Share(QuantitySyntax written, NameSyntax? cluster)
    {
        CheckName(cluster);
        if (_quantities.Percent(written) is not { } percent)
            return null;
        if (percent is 0 or 100)
            bag.Add(ConstraintDiagnostics.ReservesNothingOrAll(sentence.At(written.Span), all: percent == 100));
        return (percent, cluster?.Value);
    }

    private (int Count, TimeSpan Per)? Budget(QuantitySyntax written, QuantitySyntax time, string what)
    {
        var count = _quantities.Count(written, least: 1, what);
        var per = _quantities.Duration(time, "write the time within which they are counted, for example `1h`");
        return count is null || per is null ? null : (count.Value, per.Value);
    }

    private int? Optional(QuantitySyntax? written) => written is null ? null : _quantities.Count(written, least: 1, "migrations");

    private void CheckName(NameSyntax? name)
    {
        if (name is not null)
            RuleNames.CheckUsable(name, sentence.At(name.Span), bag);
    }
}
