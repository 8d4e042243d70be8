namespace Ulm.Dsl.Tests.Parsing;

/// <summary>Texts as they are while somebody writes them, or after something else went wrong with them.</summary>
internal static class Damage
{
    private static readonly string[] Scraps =
    [
        "when", "at", "every", "policy", "let", "never", "always", "timezone", "then", "and", "or", "not", "for", "until", "(", ")", ",", "=", ">", "!=",
        "\"", "\\", "#", "\n", "\r\n", "\t", "75%", "10m", "1h30m", "4GiB", "20:00", "99:99", "0", "-5%", "1e999", "99999999999999999999d", "host.cpu",
        "vm.memory", "host.", ".", "-", "%", "\0", "\u00A0", "\uFEFF", "\uD800", "🖥", "é", "“", "@", "{", "}", "$word", "$number", "((((((((((", "not not not not",
        "_", ":", "/", ";", "&&", "==", "\u202E", "let a = a", "let a = b let b = a", "in cluster", "migrate vm",
        "test \"t\" {", "site \"a\"", "expect", "never expect", "_ x 3", "x", "start", "drain host", "evacuate all vms", "keep apart", "notify \"{host.name\"",
        "to hosts where", "[", "]", "pending", "power off host",
        "host.munin[\"a.b\"]", "host.idle for", "avg(", "count of hosts (", "any host (", "is", "host", "vm", "tagged", "named",
        "during", "where", "unless", "except", "between", "first monday of month", "2026-12-24", "07:00-20:00", "2026-99-99", "on host fails", "have 3 hosts on by",
        "cron \"0 0 20 ? * MON\"", "cron \"* * *\"", "hosts g =", "calendar c =", "file", "to", "cooldown", "per", "at most", "priority", "mode", "because", "test \"", "80MiB/s", "-",
    ];

    /// <summary>The text with some pieces taken out, doubled, or others put in.</summary>
    public static string Of(string text, Random random)
    {
        for (var n = random.Next(1, 8); n > 0 && text.Length > 0; n--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 30), text.Length - at);
            text = random.Next(6) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(random.Next(text.Length - length + 1), length)),
                2 => text.Insert(at, $" {Scraps[random.Next(Scraps.Length)]} "),
                3 => text.Insert(at, Scraps[random.Next(Scraps.Length)]),
                4 => text.Remove(at, 1).Insert(at, ((char)random.Next(0x20, 0x7F)).ToString()),
                _ => text[..at] + (char)random.Next(0x10000) + text[(at + 1)..],
            };
        }
        return text;
    }
}
