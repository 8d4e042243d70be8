namespace Ulm.Munin;

/// <summary>Takes a multi-line answer as it comes, so that no answer is ever held whole. Comments and empty lines don't get here.</summary>
internal interface IResponseParser
{
    /// <param name="capturedAt">When the answer began to arrive.</param>
    /// <returns>Null if the line fits, else what was expected in its place.</returns>
    string? Take(ReadOnlySpan<byte> line, DateTimeOffset capturedAt);
}
