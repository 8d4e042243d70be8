using System.Diagnostics;
using System.Runtime.CompilerServices;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Bench;

/// <summary>The most that a damaged text of 10 KiB costs, in milliseconds of CPU: diagnosed and shown.</summary>
internal static class DamagedTexts
{
    private const int Length = 10 * 1024, WarmUps = 300;

    public static void Measure(int texts)
    {
        var sound = Sound();
        var random = new Random(20260105);
        double most = 0, sum = 0;
        for (var i = -WarmUps; i < texts; i++)
        {
            SourceText[] sources = [new("damaged.ulm", Damage(sound, random))];
            var took = Cost(sources);
            if (i < 0) continue;
            // What was slow is done anew: other work makes one slow by chance, a hard text is slow each time.
            for (var again = 0; again < 4 && took > most; again++) took = Math.Min(took, Cost(sources));
            (most, sum) = (Math.Max(most, took), sum + took);
        }

        Console.WriteLine(FormattableString.Invariant($"DamagedTexts, {texts} texts of 10 KiB: mean {sum / texts:0.0} ms, most {most:0.0} ms of CPU"));
    }

    private static double Cost(SourceText[] sources)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        _ = DiagnosticText.Render(PolicyCompiler.Compile(sources).Diagnostics, sources);
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds;
    }

    private static string Sound([CallerFilePath] string here = "")
    {
        var samples = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "policies");
        var text = string.Join('\n', Directory.GetFiles(samples, "*.ulm").Order(StringComparer.Ordinal).Select(File.ReadAllText));
        while (text.Length < Length) text += text;
        return text[..Length];
    }

    // A few of them are damaged all over, most in some places.
    private static string Damage(string text, Random random)
    {
        for (var n = random.Next(10) == 0 ? 400 : random.Next(1, 20); n > 0; n--)
        {
            var at = random.Next(text.Length - 40);
            var length = random.Next(1, 30);
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(random.Next(text.Length - length), length)),
                2 => text.Insert(at, " ( "),
                _ => text[..at] + (char)random.Next(0x20, 0x7F) + text[(at + 1)..],
            };
        }

        return text.Length > Length ? text[..Length] : text;
    }
}
