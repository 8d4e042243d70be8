using System.Text.Json;
using System.Text.Unicode;

namespace Ulm.Server.Snapshots;

/// <summary>A small JSON file as one tree that knows its places.</summary>
internal sealed record JsonFile(JsonNode Root, TextPositions Positions)
{
    private const long LargestFile = 16L << 20;

    /// <param name="faults">Gets everything that is wrong.</param>
    /// <returns>Null where it can't be read, or is not JSON.</returns>
    public static JsonFile? Read(string path, FileFaults faults)
    {
        if (DataFile.Open(path, faults) is not { } file) return null;
        using (file)
        {
            return DataFile.ReadAll(file, LargestFile, faults) is { } bytes ? Parse(bytes, faults) : null;
        }
    }

    private static JsonFile? Parse(ReadOnlyMemory<byte> json, FileFaults faults)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            faults.Add("it is empty");
            return null;
        }

        if (!Utf8.IsValid(json.Span))
        {
            faults.Add("it is not UTF-8 text");
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span);
            reader.Read();
            var root = JsonNode.Read(ref reader, null, JsonNode.Document);
            reader.Read();
            return new JsonFile(root, new TextPositions(json));
        }
        catch (JsonException e)
        {
            AddNotJson(json, e, faults);
            return null;
        }
    }

    /// <summary>The framework's message with the place told apart from it.</summary>
    public static void AddNotJson(ReadOnlyMemory<byte> json, JsonException e, FileFaults faults)
    {
        var (line, column) = ((int)(e.LineNumber ?? 0), (int)(e.BytePositionInLine ?? 0));
        var position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var reason = (position < 0 ? e.Message : e.Message[..position]).TrimEnd('.');
        // Other languages write these among numbers, JSON has no words for them.
        var word = WordAt(json.Span, line, column);
        faults.Add($"it is not JSON: {reason}", word is "NaN" or "Infinity" or "-Infinity" ? $"`{word}` is no number in JSON; leave out what is not known" : null, line + 1, column + 1);
    }

    private static string WordAt(ReadOnlySpan<byte> json, int line, int column)
    {
        for (; line > 0 && json.IndexOf((byte)'\n') is var end and >= 0; line--) json = json[(end + 1)..];
        var rest = column < json.Length ? json[column..] : [];
        var length = rest.IndexOfAny(" ,}]\r\n\t"u8);
        return System.Text.Encoding.UTF8.GetString(length < 0 ? rest[..Math.Min(rest.Length, 10)] : rest[..Math.Min(length, 10)]);
    }
}
