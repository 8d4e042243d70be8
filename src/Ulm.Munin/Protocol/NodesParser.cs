using System.Text;

namespace Ulm.Munin;

/// <summary>The answer to <c>nodes</c>: a host name a line.</summary>
internal sealed class NodesParser : IResponseParser
{
    private readonly List<string> _nodes = [];

    public string? Take(ReadOnlySpan<byte> line, DateTimeOffset capturedAt)
    {
        if (!Names.IsGraph(line)) return "a host name";
        _nodes.Add(Encoding.ASCII.GetString(line));
        return null;
    }

    public IReadOnlyList<string> Result() => _nodes;
}
