using System.Text.Json;

namespace Ulm.Server.Power.Redfish;

/// <summary>Reads the links by which a Redfish service says where things are.</summary>
internal static class RedfishPath
{
    /// <summary>The <c>@odata.id</c> of what stands at these names; null: there is none.</summary>
    public static string? Of(JsonElement root, params ReadOnlySpan<string> names) => At(root, names) is { } found ? Link(found) : null;

    /// <summary>The links of a collection.</summary>
    public static IEnumerable<string> Members(JsonElement collection) =>
        At(collection, "Members") is { ValueKind: JsonValueKind.Array } members ? members.EnumerateArray().Select(Link).OfType<string>() : [];

    public static string? Text(JsonElement root, params ReadOnlySpan<string> names) => At(root, names) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Empty: it does not say.</summary>
    public static IReadOnlyList<string> Texts(JsonElement root, params ReadOnlySpan<string> names) =>
        At(root, names) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)] : [];

    /// <summary>Only paths are followed: a link to another machine would get the token.</summary>
    private static string? Link(JsonElement element) =>
        At(element, "@odata.id") is { ValueKind: JsonValueKind.String } id && id.GetString() is ['/', not '/', ..] path ? path : null;

    private static JsonElement? At(JsonElement root, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out root)) return null;
        }

        return root;
    }
}
