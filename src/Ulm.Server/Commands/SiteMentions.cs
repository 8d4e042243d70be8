using Ulm.Dsl.Policies;

namespace Ulm.Server.Commands;

internal enum MentionKind
{
    Vm,
    Host,
    Cluster,
    VmTag,
    HostTag,
    VmPattern,
    HostPattern,
}

/// <summary>A name in a policy that a site should have.</summary>
/// <param name="Sentence">Where the sentence begins that holds it, itself or by a definition that it names.</param>
/// <param name="Otherwise">What it comes to if the site does not have it.</param>
internal sealed record SiteMention(SourceLocation Sentence, MentionKind Kind, string Name, string Otherwise)
{
    /// <summary>The keywords that the name stands behind.</summary>
    public string[] Behind => Kind switch
    {
        MentionKind.Vm => ["vm", "vms"],
        MentionKind.Host => ["host", "hosts"],
        MentionKind.Cluster => ["cluster"],
        MentionKind.VmTag or MentionKind.HostTag => ["tagged"],
        _ => ["named"],
    };
}

/// <summary>Finds the names in a policy set. Tests speak of sites of their own.</summary>
internal static class SiteMentions
{
    private const string ProtectsNothing = "this sentence protects nothing", NotDone = "can't be done", NeverTrue = "never true";

    public static IEnumerable<SiteMention> Of(PolicySet policies) => policies.Constraints.SelectMany(Of).Concat(policies.Rules.SelectMany(Of));

    private static IEnumerable<SiteMention> Of(StandingConstraint constraint) => constraint switch
    {
        StandingConstraint.NeverMigrate c => Vms(c.Vms, c),
        StandingConstraint.NeverPowerOff c => Hosts(c.Hosts, c),
        StandingConstraint.Apart c => Vms(c.Vms, c),
        StandingConstraint.Together c => Vms(c.Vms, c),
        StandingConstraint.KeepOn c => Vms(c.Vms, c).Concat(Hosts(c.Hosts, c)),
        StandingConstraint.AlwaysKeepHostsOn { Cluster: { } cluster } c => [Cluster(cluster, c.Location, "this sentence keeps nothing on")],
        StandingConstraint.ReserveHosts { Cluster: { } cluster } c => [Cluster(cluster, c.Location, "this sentence reserves nothing")],
        StandingConstraint.ReserveShare { Cluster: { } cluster } c => [Cluster(cluster, c.Location, "this sentence reserves nothing")],
        _ => [],
    };

    private static IEnumerable<SiteMention> Vms(Selector vms, StandingConstraint of) =>
        Of(vms, of.Location, MentionKind.Vm, MentionKind.VmTag, MentionKind.VmPattern);

    private static IEnumerable<SiteMention> Hosts(Selector hosts, StandingConstraint of) =>
        Of(hosts, of.Location, MentionKind.Host, MentionKind.HostTag, MentionKind.HostPattern);

    private static IEnumerable<SiteMention> Of(Selector selector, SourceLocation sentence, MentionKind name, MentionKind tag, MentionKind pattern) => selector switch
    {
        Selector.Exactly exactly => exactly.Names.Select(n => new SiteMention(sentence, name, n, ProtectsNothing)),
        Selector.Tagged tagged => [new SiteMention(sentence, tag, tagged.Tag, "protects nothing for now")],
        Selector.Named named => [new SiteMention(sentence, pattern, named.Pattern, "protects nothing for now")],
        Selector.Where group => Of(group.Condition, SubjectKind.Host, sentence),
        _ => [],
    };

    private static IEnumerable<SiteMention> Of(Rule rule)
    {
        var subject = rule.Trigger.About ?? SubjectKind.Host;
        Condition?[] conditions = [(rule.Trigger as Trigger.When)?.Condition, rule.Guards.Where, rule.Guards.Unless, rule.Until];
        var guards = rule.Guards.Cluster is { } cluster ? [Cluster(cluster, rule.Location, "this rule is about no host")] : Array.Empty<SiteMention>();
        return guards
            .Concat(conditions.OfType<Condition>().SelectMany(c => Of(c, subject, rule.Location)))
            .Concat(rule.Actions.SelectMany(a => Of(a, rule.Location)));
    }

    private static IEnumerable<SiteMention> Of(PolicyAction action, SourceLocation rule) => action switch
    {
        PolicyAction.Evacuate { ToHostsWhere: { } where } => Of(where, SubjectKind.Host, rule),
        PolicyAction.PowerOnUntil on => Of(on.Until, SubjectKind.Cluster, rule),
        PolicyAction.Drain { Host: { } host } => [Host(host, rule)],
        PolicyAction.ShutDown down => [Host(down.Host, rule)],
        PolicyAction.EnterMaintenance enter => [Host(enter.Host, rule)],
        PolicyAction.LeaveMaintenance leave => [Host(leave.Host, rule)],
        PolicyAction.MigrateVm move => [new SiteMention(rule, MentionKind.Vm, move.Vm, NotDone), Host(move.Host, rule)],
        _ => [],
    };

    private static IEnumerable<SiteMention> Of(Condition condition, SubjectKind subject, SourceLocation sentence) => condition switch
    {
        Condition.And and => and.Operands.SelectMany(o => Of(o, subject, sentence)),
        Condition.Or or => or.Operands.SelectMany(o => Of(o, subject, sentence)),
        Condition.Not not => Of(not.Operand, subject, sentence),
        Condition.Quantified quantified => Of(quantified.Inner, quantified.Over, sentence),
        Condition.Comparison comparison => new[] { comparison.Left, comparison.Right }.OfType<Quantity.CountOf>().SelectMany(c => Of(c.Inner, c.Over, sentence)),
        Condition.Asks asks => Of(asks.Test, asks.Subject ?? subject, sentence),
        _ => [],
    };

    private static IEnumerable<SiteMention> Of(SubjectTest test, SubjectKind subject, SourceLocation sentence) => (test, subject) switch
    {
        (SubjectTest.InCluster(var cluster), _) => [new SiteMention(sentence, MentionKind.Cluster, cluster, NeverTrue)],
        (SubjectTest.Tagged(var tag), SubjectKind.Vm) => [new SiteMention(sentence, MentionKind.VmTag, tag, NeverTrue)],
        (SubjectTest.Tagged(var tag), SubjectKind.Host) => [new SiteMention(sentence, MentionKind.HostTag, tag, NeverTrue)],
        (SubjectTest.Named(var pattern), SubjectKind.Vm) => [new SiteMention(sentence, MentionKind.VmPattern, pattern, NeverTrue)],
        (SubjectTest.Named(var pattern), SubjectKind.Host) => [new SiteMention(sentence, MentionKind.HostPattern, pattern, NeverTrue)],
        _ => [],
    };

    private static SiteMention Cluster(string name, SourceLocation sentence, string otherwise) => new(sentence, MentionKind.Cluster, name, otherwise);

    private static SiteMention Host(string name, SourceLocation rule) => new(rule, MentionKind.Host, name, NotDone);
}
