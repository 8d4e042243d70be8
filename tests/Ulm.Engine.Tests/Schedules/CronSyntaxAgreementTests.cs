using Quartz;
using Ulm.Dsl;

namespace Ulm.Engine.Tests.Schedules;

/// <summary>The compiler judges cron expressions without Quartz; it must judge as Quartz does, but for empty parts, which it refuses.</summary>
public class CronSyntaxAgreementTests
{
    private const int Expressions = 5_000;

    private static readonly string[] Atoms =
    [
        "*", "?", "0", "1", "5", "7", "8", "12", "13", "23", "24", "30", "31", "32", "59", "60", "1970", "2026", "2099", "2100", "L", "LW", "L-3", "L-31", "15W", "1W", "32W",
        "6L", "0L", "8L", "6#3", "6#6", "8#1", "MON", "mon", "FRI", "JAN", "dec", "FOO", "MONDAY", "MON-FRI", "JAN-MAR", "1-5", "5-1", "0/15", "*/5", "1-30/2", "*/0", "0/60", "/5",
        "-", "/", "#", "1,2", "1,,2", "1,", "/5", "5/24", "1/31", "5,L", "MON,WED#2", "MON/2", "1-", "-1", "1/", "MON#2", "FRIL", "L,5", "15W,3", "1-2-3", "00", "007", "+5", "1.5", "LL", "W", "WED", "SUN,SAT", "@",
    ];

    [Fact]
    public void The_compiler_takes_what_Quartz_takes_and_nothing_else()
    {
        var random = new Random(20260105);
        var differ = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Expressions; i++)
        {
            // Mostly sound, so that one field at a time decides.
            string[] fields = ["0", "0", "12", "?", "*", "MON", .. random.Next(4) == 0 ? new[] { "2026" } : []];
            if (random.Next(2) == 0)
                (fields[3], fields[5]) = ("1", "?");
            for (var n = random.Next(3); n >= 0; n--)
                fields[random.Next(fields.Length)] = Atoms[random.Next(Atoms.Length)];
            var expression = string.Join(' ', fields.Take(random.Next(20) == 0 ? random.Next(1, 8) : fields.Length));
            // How far into the future Quartz goes depends on the day it is asked.
            if (expression.EndsWith(" 2100", StringComparison.Ordinal))
                continue;
            if (Compiles(expression) != (QuartzTakes(expression) && !HasEmptyPart(expression)))
                differ.Add($"{expression}: {(Compiles(expression) ? "the compiler" : "Quartz")} alone takes it");
        }
        Assert.Empty(differ);
    }

    private static bool HasEmptyPart(string expression) =>
        expression.Split(' ').SelectMany(f => f.Split(',')).Any(part => part.Length == 0 || part.StartsWith('/'));

    private static bool QuartzTakes(string expression)
    {
        try
        {
            _ = new CronExpression(expression, TimeZoneInfo.Utc);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return false;
        }
    }

    private static bool Compiles(string expression) =>
        !PolicyCompiler.Compile([new SourceText("a.ulm", $"cron \"{expression}\" balance")]).HasErrors;
}
