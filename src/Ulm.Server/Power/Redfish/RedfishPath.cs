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

    public static string? Text(JsonElement root, params ReadOnlySpan<string> names) => At(root, names) is { } text ? TextOf(text) : null;

    /// <summary>Empty: it does not say.</summary>
    public static IReadOnlyList<string> Texts(JsonElement root, params ReadOnlySpan<string> names) =>
        At(root, names) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(TextOf).OfType<string>()] : [];

    /// <summary>Only paths are followed: a link to another machine would get the token.</summary>
    private static string? Link(JsonElement element) =>
        At(element, "@odata.id") is { } id && TextOf(id) is ['/', not '/', ..] path ? path : null;

    /// <summary>Null: it is no text, or one of half characters.</summary>
    internal static string? TextOf(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement? At(JsonElement root, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out root)) return null;
        }

        return root;
    }
}
