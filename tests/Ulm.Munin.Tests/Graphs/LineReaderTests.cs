using System.Text;
using CsCheck;

namespace Ulm.Munin.Tests;

public class LineReaderTests
{
    /// <summary>Gives its bytes in pieces of the sizes told, as a network does.</summary>
    private sealed class Pieces(byte[] bytes, IReadOnlyList<int> sizes) : MemoryStream(bytes)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct = default)
        {
            var size = Math.Min(sizes[_next++ % sizes.Count], buffer.Length);
            return new(Read(buffer.Span[..size]));
        }
    }

    private static async Task<List<string>> ReadAll(Stream stream, int maxLineBytes)
    {
        var reader = new LineReader(stream, maxLineBytes);
        var lines = new List<string>();
        while (true)
        {
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            if (line.End != LineEnd.Complete)
            {
                lines.Add($"<{line.End} {line.Bytes.Length}>");
                return lines;
            }
            lines.Add(Encoding.ASCII.GetString(line.Bytes.Span));
        }
    }

    [Fact]
    public Task Lines_ComeOutTheSame_HoweverTheyWereCut() =>
        Gen.Select(Gen.Int[0, 9000].Array[0, 8], Gen.Int[1, 5000].Array[1, 5], Gen.Bool).SampleAsync(async (lengths, sizes, crlf) =>
        {
            var lines = lengths.Select((n, i) => new string((char)('a' + i), n)).ToList();
            var bytes = Encoding.ASCII.GetBytes(string.Concat(lines.Select(l => l + (crlf ? "\r\n" : "\n"))));
            Assert.Equal([.. lines, "<Closed 0>"], await ReadAll(new Pieces(bytes, sizes), 9000));
        }, iter: 200);

    [Theory]
    [InlineData("1234567890\n", "1234567890", "<Closed 0>")]
    [InlineData("1234567890\r\n", "1234567890", "<Closed 0>")]
    [InlineData("12345678901\n", "<TooLong 11>")]
    [InlineData("1234567890123456\n", "<TooLong 12>")]
    [InlineData("ab\ncd", "ab", "<Closed 2>")]
    public async Task Limit_HoldsForTheLineWithoutItsEnd(string text, params string[] expected) =>
        Assert.Equal(expected, await ReadAll(new MemoryStream(Encoding.ASCII.GetBytes(text)), 10));
}
