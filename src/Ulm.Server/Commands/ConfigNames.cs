using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Server.Configuration;

namespace Ulm.Server.Commands;

/// <summary>Checks the hooks and channels that policies name against a server's configuration: an action that can't be done is told when it is written, not when it is due.</summary>
public static class ConfigNames
{
    public static readonly DiagnosticDescriptor UnknownHookCode = new(
        "ULM1910", "A hook that the configuration does not have", DiagnosticCategory.Names, DiagnosticSeverity.Error, "a hook is a `[[hook]]` of ulm.toml, with its name and the command that it runs");

    public static readonly DiagnosticDescriptor UnknownChannelCode = new(
        "ULM1911", "A channel that the configuration does not have", DiagnosticCategory.Names, DiagnosticSeverity.Error, "a channel is a `[[channel]]` of ulm.toml; `log` is always there");

    public static readonly ImmutableArray<DiagnosticDescriptor> All = [UnknownHookCode, UnknownChannelCode];

    internal static IEnumerable<Diagnostic> Check(PolicySet policies, ServerConfig config, IReadOnlyList<SourceText> sources)
    {
        var words = new Lazy<SentenceWords>(() => new SentenceWords(sources));
        List<string> hooks = [.. config.Hooks.Select(h => h.Name)], channels = [.. config.Channels.Select(c => c.Name), ChannelConfig.Log];
        foreach (var rule in policies.Rules)
        {
            foreach (var action in rule.Actions)
            {
                switch (action)
                {
                    case PolicyAction.RunHook hook when !hooks.Contains(hook.Name):
                        yield return Unknown(UnknownHookCode, "hook", hook.Name, hooks, words.Value.Find(rule.Location, hook.Name, "hook"));
                        break;
                    case PolicyAction.Notify { Via: { } via } when !channels.Contains(via):
                        yield return Unknown(UnknownChannelCode, "channel", via, channels, words.Value.Find(rule.Location, via, "via"));
                        break;
                }
            }
        }
    }

    /// <summary>The hosts by name, cluster and tags, which is what policies name them by; how large they are is libvirt's to say.</summary>
    internal static Site HostsOf(ServerConfig config) =>
        new(config.Hosts.Select(h => new Host { Name = h.Name, Cluster = h.Cluster, Tags = h.Tags, Cpus = 1, MemoryBytes = 1 }), []);

    private static Diagnostic Unknown(DiagnosticDescriptor descriptor, string kind, string name, List<string> known, WordPlace place) =>
        SiteNames.Unknown(descriptor, place, name, $"the configuration has no {kind} `{name}`", "can't be done", known, known => $"it has {known}", descriptor.Help);
}
