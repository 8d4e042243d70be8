using System.IO.Enumeration;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Facts;

/// <summary>Answers to what can be asked of a host, VM or cluster with yes or no.</summary>
public static class SubjectAnswers
{
    private static readonly Reading NotToBeTold = Reading.Unknown("the host does not answer: whether it is on can't be told");

    /// <summary>True of names that fit a pattern, in which <c>*</c> stands for any run of characters and <c>?</c> for one.</summary>
    public static bool Fits(string name, string pattern) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>Of a VM asked about a host's state, its host is meant.</summary>
    internal static Reading Answer(SiteFacts facts, SubjectRef subject, SubjectTest test)
    {
        var vm = subject.Kind == SubjectKind.Vm ? facts.Site.FindVm(subject.Name) : null;
        var host = subject.Kind == SubjectKind.Host ? facts.Site.FindHost(subject.Name) : vm is null ? null : facts.Site.FindHost(vm.Host);
        if (host is null && subject.Kind != SubjectKind.Cluster) return Reading.Unknown($"{subject} is not in the inventory");
        return test switch
        {
            SubjectTest.Named named => Reading.Yes(Fits(subject.Name, named.Pattern), facts.At),
            SubjectTest.Tagged tagged => Reading.Yes((vm?.Tags ?? host?.Tags)?.Contains(tagged.Tag) ?? false, facts.At),
            SubjectTest.InCluster cluster => Reading.Yes((host?.Cluster ?? subject.Name) == cluster.Cluster, facts.At),
            SubjectTest.InState state when host is not null => IsIn(facts, host, state.State),
            _ => Reading.Unknown($"{subject} is no host"),
        };
    }

    private static Reading IsIn(SiteFacts facts, Host host, HostCondition condition)
    {
        if (host.State == HostState.Unreachable) return NotToBeTold;
        return condition switch
        {
            HostCondition.Idle => HostFacts.Idle(facts, host),
            HostCondition.Empty => Yes(HostFacts.Answers(host) && facts.Site.VmsOn(host.Name).IsEmpty),
            HostCondition.On => Yes(HostFacts.Answers(host)),
            HostCondition.Off => Yes(host.State == HostState.Off),
            HostCondition.Draining => Yes(host.State == HostState.Draining),
            _ => Yes(host.State == HostState.Maintenance),
        };

        Reading Yes(bool answer) => Reading.Yes(answer, facts.At);
    }
}
