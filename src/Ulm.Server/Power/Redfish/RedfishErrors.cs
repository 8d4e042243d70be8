using System.Net;
using System.Text.Json;

namespace Ulm.Server.Power.Redfish;

/// <summary>What a Redfish service says of a failure: <c>error.@Message.ExtendedInfo</c> (DSP0266, "Error responses").</summary>
internal static class RedfishErrors
{
    private const int LongestAnswer = 300;

    /// <param name="secret">What was sent and may be repeated: left out. Null: nothing.</param>
    public static string Of(HttpStatusCode status, string body, string? secret)
    {
        var said = Secret.Redact(string.Join(" ", Messages(body)), secret);
        if (said.Length > LongestAnswer) said = said[..LongestAnswer] + "...";
        return said.Length > 0 ? $"{said} (HTTP {(int)status})" : $"HTTP {(int)status} {status}";
    }

    private static IEnumerable<string> Messages(string body)
    {
        if (Parse(body) is not { } root || root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return [];
        var messages = error.TryGetProperty("@Message.ExtendedInfo", out var info) && info.ValueKind == JsonValueKind.Array
            ? info.EnumerateArray().Select(m => TextOf(m, "Message") ?? TextOf(m, "MessageId")).OfType<string>().ToList() : [];
        return messages.Count > 0 ? messages : TextOf(error, "message") is { } message ? [message] : [];
    }

    private static JsonElement? Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && RedfishPath.TextOf(value) is { Length: > 0 } text ? text.Trim() : null;
}
