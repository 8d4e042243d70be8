using System.Collections.Immutable;

namespace Ulm.Server.Configuration;

/// <summary>A program that a policy may ask for by name. It gets the decision as JSON on its standard input.</summary>
/// <param name="Command">Program, by its absolute path, and arguments. No shell is in between.</param>
/// <param name="TimeLimit">Then it is killed.</param>
public sealed record CommandConfig(string Name, ImmutableArray<string> Command, TimeSpan TimeLimit);

/// <summary>Where notifications go.</summary>
/// <param name="Webhook">Gets the notification as JSON by POST; null: the command gets it.</param>
public sealed record ChannelConfig(string Name, ImmutableArray<string> Command, Uri? Webhook, TimeSpan TimeLimit)
{
    /// <summary>The channel that is always there: the journal.</summary>
    public const string Log = "log";
}

/// <summary>Reads <c>[[hook]]</c>, <c>[[channel]]</c> and <c>[notify]</c>.</summary>
internal static class OutsideSection
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static ImmutableArray<CommandConfig> Hooks(ConfigSection root)
    {
        var hooks = root.Sections("hook").Select(section =>
        {
            var hook = new CommandConfig(section.Text("name"), Command(section), TimeLimit(section));
            section.RefuseOthers();
            return hook;
        }).ToImmutableArray();
        RefuseTwice(root, "hook", hooks.Select(h => h.Name));
        return hooks;
    }

    public static (ImmutableArray<ChannelConfig> Channels, string Default) Channels(ConfigSection root)
    {
        var channels = root.Sections("channel").Select(Channel).ToImmutableArray();
        RefuseTwice(root, "channel", channels.Select(c => c.Name));
        var notify = root.Section("notify");
        var chosen = notify.Text("default", ChannelConfig.Log);
        if (chosen != ChannelConfig.Log && channels.All(c => c.Name != chosen)) notify.Fault("default", $"there is no [[channel]] {chosen}");
        notify.RefuseOthers();
        return (channels, chosen);
    }

    private static ChannelConfig Channel(ConfigSection section)
    {
        var name = section.Text("name");
        if (name == ChannelConfig.Log) section.Fault("name", $"{ChannelConfig.Log} is the journal and always there; choose another name");
        var webhook = section.OptionalText("webhook");
        Uri? url = null;
        if (webhook is { Length: > 0 } && !(Uri.TryCreate(webhook, UriKind.Absolute, out url) && url.Scheme is "http" or "https")) section.Fault("webhook", $"\"{webhook}\" is no address such as https://chat.example.org/hooks/ulm");
        if (webhook is not null && section.Has("command")) section.Fault("command", "a channel has a command or a webhook, not both");
        var command = webhook is null ? Command(section) : [];
        section.Known("command");
        var channel = new ChannelConfig(name, command, url, TimeLimit(section));
        section.RefuseOthers();
        return channel;
    }

    private static ImmutableArray<string> Command(ConfigSection section)
    {
        if (!section.Has("command"))
        {
            section.Fault("command", "is missing");
            section.Known("command");
            return [];
        }

        var command = section.Texts("command").ToImmutableArray();
        // Whatever a service's search path may hold: what runs with this server's rights is named in full.
        if (command.Length == 0 || !command[0].StartsWith('/')) section.Fault("command", "must be a list of program and arguments, the program by its absolute path");
        return command;
    }

    private static TimeSpan TimeLimit(ConfigSection section) => section.Duration("time-limit", Limit, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    private static void RefuseTwice(ConfigSection root, string key, IEnumerable<string> names)
    {
        foreach (var twice in names.GroupBy(n => n).Where(g => g.Count() > 1 && g.Key.Length > 0)) root.Fault(key, $"{twice.Key} stands {twice.Count()} times");
    }
}
