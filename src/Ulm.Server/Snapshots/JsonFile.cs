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
            faults.Add($"it is not JSON: {Reason(e)}", null, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            return null;
        }
    }

    /// <summary>The framework's message without the place, which is told apart.</summary>
    public static string Reason(JsonException e)
    {
        var position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (position < 0 ? e.Message : e.Message[..position]).TrimEnd('.');
    }
}
