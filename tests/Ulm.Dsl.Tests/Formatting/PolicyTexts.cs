using CsCheck;

namespace Ulm.Dsl.Tests.Formatting;

/// <summary>A sound policy file in a random layout, and the comments that were put into it.</summary>
internal sealed record PolicyText(string Text, string[] Comments);

/// <summary>Makes such files: sentences from the grammar, between any two words of them whatever may stand there.</summary>
internal static class PolicyTexts
{
    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<string> Percent = Gen.Int[0, 100].Select(n => $"{n}%");
    private static readonly Gen<string> Duration = OneOf("90s", "10m", "1h30m", "2h", "60s");
    private static readonly Gen<string> Time = Gen.Select(Gen.Int[0, 23], Gen.Int[0, 59], (h, m) => $"{h:00}:{m:00}");

    private static readonly Gen<string[]> Comparison = Gen.OneOf(
        Gen.Select(OneOf("host.cpu", "host.memory", "vm.cpu"), OneOf("<", "<=", ">", ">=", "=", "!="), Percent, (a, s, p) => new[] { a, s, p }),
        Gen.Select(OneOf("2GiB", "512MiB", "1.5TB"), OneOf("<", ">"), (q, s) => new[] { q, s, "vm.memory" }),
        OneOf<string[]>(
            ["busy"], ["avg", "(", "host.cpu", ",", "15m", ")", ">", "50%"], ["host.munin", "[", "\"sensors_fan.fan1\"", "]", "<", "900"], ["host", "is", "draining"],
            ["host.idle", "for", ">=", "10m"], ["host.load", ">", "2", "and", "any", "host", "(", "is", "idle", ")"], ["host", "is", "edge"],
            ["host.vms", ">", "3", "and", "count", "of", "hosts", "(", "tagged", "\"x\"", "or", "host.net.in", ">", "80MiB/s", ")", ">=", "2"],
            ["host.power", ">", "200W", "and", "07:00-20:00", "monday", ",", "friday"]));

    private static Gen<string[]> Condition(int depth) => depth == 0 ? Comparison : Gen.OneOf(
        Comparison,
        Condition(depth - 1).Select(c => new[] { "not", "(" }.Concat(c).Append(")").ToArray()),
        Gen.Select(Condition(depth - 1).Array[2, 5], OneOf("and", "or"), (parts, word) => Join(parts, word)),
        Gen.Select(Condition(depth - 1).Array[2, 3], OneOf("and", "or"), (parts, word) => Join(parts, word).Prepend("(").Append(")").ToArray()));

    private static readonly Gen<string[]> Action = OneOf<string[]>(
        ["consolidate", "to", "at", "least", "2", "hosts", "below", "80%", "cpu", "and", "90%", "memory"], ["suspend", "idle", "hosts"],
        ["power", "on", "hosts", "until", "cluster.cpu", "<", "60%", "and", "cluster.memory", "<", "80%"], ["drain", "host", "h-1"],
        ["shut", "down", "host", "at", "for", "2h"], ["enter", "maintenance", "host", "\"h 1\""], ["leave", "maintenance", "host", "h1"],
        ["migrate", "vm", "keep", "to", "host", "keep"], ["notify", "\"all is \\\"well\\\" # {{so}}\"", "via", "mail"], ["run", "hook", "tidy"],
        ["balance"], ["balance", "by", "memory", "to", "within", "5%"], ["consolidate"], ["power", "off", "idle", "hosts", "keeping", "1", "spare"],
        ["power", "on", "2", "hosts"]);

    private static readonly Gen<string[]> Evacuate = OneOf<string[]>(
        ["evacuate", "2", "lightest", "fitting", "vms", "by", "network", "to", "fullest", "host"], ["evacuate", "all", "vms"], ["drain", "host"],
        ["evacuate", "heaviest", "vm", "to", "coolest", "host", "to", "hosts", "where", "host.cpu", "<", "50%", "or", "host.memory.free", ">", "8GiB", "and", "busy"]);

    private static readonly Gen<string[]> Actions = Action.Array[1, 4].Select(a => Join(a, "and"));

    private static readonly Gen<string[]> Cooldown = Gen.OneOf(Gen.Const(Array.Empty<string>()), Duration.Select(d => new[] { "cooldown", d }));

    private static readonly Gen<string[]> ActionsOnHosts = Gen.OneOf(Action, Evacuate).Array[1, 4].Select(a => Join(a, "and"));

    private static readonly Gen<string[]> Guards = OneOf<string[]>(
        [], [], ["in", "cluster", "web"], ["during", "office", ",", "22:00-06:00", "friday", ",", "saturday"], ["unless", "host.munin", "[", "\"backup.running\"", "]", ">", "0"],
        ["where", "tagged", "\"x\"", "during", "07:00-20:00", "except", "holidays"], ["unless", "office", "or", "host.memory", ">", "80%", "in", "cluster", "\"a b\""]);

    private static readonly Gen<string[]> When = Gen.Select(Condition(3), Duration, Gen.Bool, Gen.Select(Guards, ActionsOnHosts), Cooldown, Condition(1), (c, d, hold, then, cooldown, until) =>
        (string[])["when", .. c, .. hold ? new[] { "for", d } : [], .. then.Item1, "then", .. then.Item2, .. cooldown, .. hold && !until.Contains("vm.cpu") && !until.Contains("vm.memory") ? until.Prepend("until") : []]);

    private static readonly Gen<string[]> At = Gen.Select(Time.Array[1, 30], OneOf<string[]>([], ["weekdays"], ["saturday", ",", "sunday"],
            ["last", "day", "of", "month", ",", "2026-12-24", "except", "holidays"], ["monday", "in", "cluster", "web", "where", "edge"]), Gen.Bool, Actions, Cooldown,
        (times, days, then, actions, cooldown) =>
            (string[])["at", .. Join([.. times.Distinct().Select(t => new[] { t })], ","), .. days, .. then ? new[] { "then" } : [], .. actions, .. cooldown]);

    private static readonly Gen<string[]> Every = Gen.Select(
        OneOf<string[]>(["every", "1h"], ["every", "10m", "between", "08:00", "and", "20:00", "weekdays"], ["cron", "\"0 0 20 ? * MON-FRI\""], ["on", "host", "returns"]), Actions,
        (trigger, actions) => (string[])[.. trigger, .. actions]);

    private static readonly Gen<string[]> Constraint = OneOf<string[]>(
        ["never", "power", "off", "hosts", "keep", ",", "h-2"], ["keep", "apart", "vms", "tagged", "\"db, x\""], ["prefer", "together", "vms", "a", ",", "test"],
        ["keep", "together", "vms", "named", "\"app-*\""], ["keep", "vms", "named", "\"o*\"", "on", "hosts", "tagged", "licensed"],
        ["reserve", "1", "host"], ["reserve", "20%", "memory", "in", "cluster", "web"], ["limit", "migrations", "to", "2", "per", "host", "and", "8", "in", "total"],
        ["limit", "migrations", "to", "30", "per", "1h"], ["limit", "power", "cycles", "to", "4", "per", "host", "per", "24h"], ["cooldown", "vm", "30m"],
        ["overcommit", "cpu", "1.5x"]);

    private static readonly Gen<string[]> Series = Gen.Select(
        OneOf<string[]>(["host", "h1"], ["vm", "keep"], ["host", "\"rack # 2\""]), OneOf<string[]>(["cpu"], ["net.in"], ["munin", "[", "\"sensors_fan.fan1\"", "]"]),
        Gen.Int[0, 100].Array[1, 40], (subject, attribute, values) =>
            (string[])[.. subject, .. attribute, ":", .. Join([.. values.Select(v => Value(v, attribute[0]))], ",")]);

    private static string[] Value(int number, string attribute)
    {
        var value = number % 7 == 0 ? "_" : attribute switch { "cpu" => $"{number}%", "net.in" => $"{number}MiB/s", _ => $"{number}" };
        return number % 3 == 0 ? [value, "x", $"{number + 1}"] : [value];
    }

    private static readonly Gen<string[]> Moment = OneOf<string[]>(
        ["at", "5m", "expect", "nothing"], ["at", "1h30m", "expect", "migrate", "vm", "web1", "to", "host", "when"], ["never", "expect", "power", "off"],
        ["at", "2m", "host", "never", "fails"], ["at", "2m", "vm", "\"a b\"", "starts"], ["at", "0m", "expect", "refused", "ULM6203"],
        ["at", "7m", "expect", "power", "on", "host", "h1"]);

    private static readonly Gen<string[]> Test = Gen.Select(Series.Array[0, 4], Moment.Array[1, 6], Gen.Bool, (series, moments, start) =>
        (string[])["test", "\"NAME\"", "{", "site", "\"a.site.json\"", .. start ? ["start", "2026-01-05", "19:30"] : Array.Empty<string>(),
            .. series.DistinctBy(s => string.Join(' ', s.TakeWhile(w => w != ":"))).SelectMany(s => s), .. moments.SelectMany(m => m), "}"]);

    private static readonly Gen<string[]> Other = Gen.OneOf(
        OneOf<string[]>(["never", "migrate", "vm", "db-1"], ["never", "migrate", "vm", "tagged", "\"a # b\""], ["never", "migrate", "vm", "policy"],
            ["always", "keep", "1", "host", "on"], ["always", "keep", "2", "hosts", "on", "in", "cluster", "\"at night\""]),
        Constraint, Test,
        Condition(2).Select(c => (string[])["let", "NAME", "=", .. c]));

    private static readonly Gen<string[]> Sentence = Gen.OneOf(
        Other, When, At, Every, Gen.OneOf(When, At, Every).Select(rule => (string[])["policy", "NAME", .. rule]));

    private static readonly Gen<string> Comment = Gen.Char.Where(c => c is not ('\r' or '\n')).Array[0, 12].Select(c => "#" + new string(c));

    private static readonly Gen<string[]> Gap = Gen.Frequency(
        (8, Gen.Const(new[] { " " })),
        (1, OneOf("\t", "\n", "\r\n", "\r", "\n\n\n\n").Array[1, 3]),
        (1, Gen.Select(OneOf("", " ", "\n", "\n\n", "\n  ", "\r\n\r\n"), Comment, OneOf("\n", "\r\n", "\r", "\n\n\n"), (a, b, c) => new[] { a, b, c })));

    /// <summary>Every file defines <c>busy</c>, which its conditions use.</summary>
    public static readonly Gen<PolicyText> All =
        from sentences in Sentence.Array[0, 8]
        let words = new string[][]
            {
                ["let", "busy", "=", "host.cpu", ">", "70%"], ["let", "office", "=", "07:00-20:00", "weekdays", "except", "holidays"],
                ["hosts", "edge", "=", "named", "\"edge-*\"", "and", "tagged", "\"ssd\""], ["calendar", "holidays", "=", "2026-12-24", "to", "2026-12-26", ",", "2027-01-01"],
            }.Concat(sentences)
            .SelectMany((s, i) => s.Select(w => w.Replace("NAME", $"name-{i}", StringComparison.Ordinal))).ToArray()
        from gaps in Gap.Array[words.Length + 1]
        from mark in Gen.Bool
        select new PolicyText(
            (mark ? "\uFEFF" : "") + string.Concat(gaps[0]) + string.Concat(words.Select((w, i) => w + string.Concat(gaps[i + 1]))),
            [.. gaps.SelectMany(g => g).Where(g => g.StartsWith('#')).Select(c => c.TrimEnd(' ', '\t'))]);

    private static string[] Join(string[][] parts, string word) => [.. parts.SelectMany((p, i) => i == 0 ? p : p.Prepend(word))];
}
