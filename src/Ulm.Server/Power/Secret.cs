using System.Text;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power;

/// <summary>
/// Reads a password where it is needed and nowhere else. What it throws names the file, never what is in it.
/// </summary>
internal static class Secret
{
    private const int LongestSecret = 4096;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <returns>The first line of the file.</returns>
    /// <exception cref="ActionFailedException">It can't be read, or others than its owner may read it.</exception>
    public static string Read(SecretSource source)
    {
        var path = PathOf(source);
        try
        {
            using var handle = File.OpenHandle(path);
            // Of the open file, so that it is the one that is read. systemd guards its own folder, and shows its access list as a group's.
            if (source is SecretSource.InFile && (File.GetUnixFileMode(handle) & Others) != 0)
                throw new ActionFailedException($"others than its owner may use {path}; run: chmod 600 {path}");
            var bytes = new byte[LongestSecret];
            var text = Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0)));
            return text.Split('\n', 2)[0].TrimEnd('\r') is { Length: > 0 } secret ? secret : throw new ActionFailedException($"{path} has no password in its first line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ActionFailedException($"the password can't be read: {e.Message}", e);
        }
    }

    /// <summary>For programs that read the file themselves. The same checks first.</summary>
    /// <exception cref="ActionFailedException">As for <see cref="Read"/>.</exception>
    public static string CheckedPath(SecretSource source)
    {
        _ = Read(source);
        return PathOf(source);
    }

    /// <summary>Why it can't be used, or nothing.</summary>
    public static IEnumerable<string> Faults(SecretSource? source)
    {
        if (source is null) yield break;
        string? fault = null;
        try
        {
            _ = Read(source);
        }
        catch (ActionFailedException e)
        {
            fault = e.Message;
        }

        if (fault is not null) yield return fault;
    }

    /// <summary>What a program said, without the secret that it may have echoed.</summary>
    public static string Redact(string said, string? secret) => secret is null ? said : said.Replace(secret, "***", StringComparison.Ordinal);

    private static string PathOf(SecretSource source) => source switch
    {
        SecretSource.InFile file => file.Path,
        SecretSource.Credential credential => Path.Combine(
            Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder
                ? folder
                : throw new ActionFailedException($"there is no credential {credential.Name}: systemd sets CREDENTIALS_DIRECTORY for units with LoadCredential={credential.Name}:PATH or LoadCredentialEncrypted="),
            credential.Name),
        _ => throw new InvalidOperationException($"secrets are not read from {source.GetType().Name}"),
    };
}
