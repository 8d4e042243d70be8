using System.Text.Json;
using System.Text.Unicode;

namespace Ulm.Server.Snapshots;

/// <summary>
/// Reads a snapshot file, <c>ulm.site/1</c>. All of it is sound or none of it is given: a site with a host less would be planned for
/// as if that were true.
/// </summary>
public static class SnapshotReader
{
    public const long LargestFile = 256L << 20;

    /// <param name="faults">Gets everything that is wrong.</param>
    /// <returns>Null where anything is.</returns>
    public static SiteSnapshot? Read(string path, FileFaults faults)
    {
        if (DataFile.Open(path, faults) is not { } file) return null;
        using (file)
        {
            var bytes = DataFile.ReadAll(file, LargestFile, faults);
            return bytes is null ? null : Parse(bytes, faults);
        }
    }

    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    public static SiteSnapshot? Parse(ReadOnlyMemory<byte> json, FileFaults faults)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            faults.Add("it is empty", $"the least there can be is {{ \"schema\": \"{SiteSnapshot.Schema}\", \"hosts\": [], \"vms\": [] }}");
            return null;
        }

        if (!Utf8.IsValid(json.Span))
        {
            faults.Add("it is not UTF-8 text");
            return null;
        }

        var positions = new TextPositions(json);
        var builder = new SnapshotBuilder(faults, positions);
        try
        {
            var reader = new Utf8JsonReader(json.Span);
            ReadDocument(ref reader, builder, faults, positions);
            reader.Read();
        }
        catch (JsonException e)
        {
            JsonFile.AddNotJson(json, e, faults);
            return null;
        }

        return builder.Build();
    }

    private static void ReadDocument(ref Utf8JsonReader reader, SnapshotBuilder builder, FileFaults faults, TextPositions positions)
    {
        reader.Read();
        var document = new JsonNode(reader.TokenType, reader.TokenStartIndex, null, JsonNode.Document);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            faults.Add("a snapshot is one JSON object", null, 1, 1);
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonNode.TextOf(ref reader) ?? "?";
            reader.Read();
            if (name is "hosts" or "vms" && reader.TokenType == JsonTokenType.StartArray)
            {
                // One host or VM at a time: the tree of a whole large file would be many times the file.
                document.Fields.Add(new JsonNode(JsonTokenType.StartArray, reader.TokenStartIndex, document, name));
                var list = new JsonNode(JsonTokenType.StartArray, reader.TokenStartIndex, null, name);
                for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                {
                    var item = JsonNode.Read(ref reader, list, $"[{index}]");
                    if (name == "hosts") builder.AddHost(item);
                    else builder.AddVm(item);
                }
            }
            else document.Fields.Add(JsonNode.Read(ref reader, null, name));
        }

        var fields = new FieldReader(document, "a snapshot", faults, positions).Knows("schema", "hosts", "vms", "munin", SiteSnapshot.NotSeen);
        CheckDocument(fields);
        if (fields.Find("munin") is not null) builder.MuninFields = fields.Tags("munin");
    }

    private static void CheckDocument(FieldReader fields)
    {
        if (fields.Text("schema", $"write `\"schema\": \"{SiteSnapshot.Schema}\"` first") is { } schema && schema != SiteSnapshot.Schema)
            fields.Fault(fields.Find("schema")!, $"the schema is \"{schema}\", not \"{SiteSnapshot.Schema}\"", "another kind of file, or one of a newer version");
        if (fields.Find("hosts") is null) fields.Missing("hosts", "write `\"hosts\": [ ... ]`");
        if (fields.Find("vms") is null) fields.Missing("vms", "write `\"vms\": []` for a site without VMs");
        foreach (var name in (string[])["hosts", "vms"])
        {
            if (fields.Find(name) is { Kind: not JsonTokenType.StartArray } other) fields.Fault(other, $"`{name}` is {other.KindInWords}, where a list is needed");
        }
    }
}
