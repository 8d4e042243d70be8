using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Ulm.Server.Commands;

namespace Ulm.Server.Api;

/// <summary>Asks a running server over its Unix socket.</summary>
internal sealed class ServerClient(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, ct) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), ct);
            }
            catch
            {
                connection.Dispose();
                throw;
            }

            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://ulm-server"),
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <exception cref="CommandFailedException">No server answers there, it refuses to, or its answer makes no sense.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken ct) => AskAsync(
        () => _http.GetAsync(path, ct), async content => await content.ReadFromJsonAsync<T>(CommonOptions.Json, ct) ?? throw new CommandFailedException($"the server at {socket} gave an empty answer"), ct);

    /// <inheritdoc cref="GetAsync"/>
    public Task<T> PostAsync<T>(string path, object request, CancellationToken ct) => AskAsync(
        () => _http.PostAsJsonAsync(path, request, CommonOptions.Json, ct),
        async content => await content.ReadFromJsonAsync<T>(CommonOptions.Json, ct) ?? throw new CommandFailedException($"the server at {socket} gave an empty answer"), ct);

    /// <exception cref="CommandFailedException">No server answers there.</exception>
    public Task<string> GetTextAsync(string path, CancellationToken ct) => AskAsync(() => _http.GetAsync(path, ct), content => content.ReadAsStringAsync(ct), ct);

    /// <summary>Lines of an answer that goes on, until the server ends it.</summary>
    /// <exception cref="CommandFailedException">No server answers there, or the connection was lost.</exception>
    public async IAsyncEnumerable<string> LinesAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        using var answer = await AskAsync(() => _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct), content => Task.FromResult(content), ct, keep: true);
        using var reader = new StreamReader(await answer.ReadAsStreamAsync(ct));
        while (true)
        {
            string? line;
            try
            {
                line = await reader.ReadLineAsync(ct);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new CommandFailedException($"the connection to the server at {socket} was lost: {e.Message}");
            }

            if (line is null) yield break;
            yield return line;
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<HttpResponseMessage>> ask, Func<HttpContent, Task<T>> read, CancellationToken ct, bool keep = false)
    {
        HttpResponseMessage? answer = null;
        try
        {
            answer = await ask();
            if (answer.StatusCode == HttpStatusCode.BadRequest && await answer.Content.ReadFromJsonAsync<RefusedDocument>(CommonOptions.Json, ct) is { Error: { } refused })
                throw new CommandFailedException(refused);
            if (answer.StatusCode == HttpStatusCode.NotFound) throw new CommandFailedException($"the server at {socket} does not know this request; is it another version of ulm-server?");
            return await read(answer.EnsureSuccessStatusCode().Content);
        }
        catch (Exception e) when (e is HttpRequestException or ArgumentOutOfRangeException)
        {
            throw new ServerUnreachableException($"no server answers at {socket}: {Because(e)}; is it running? another socket is named with --socket");
        }
        catch (JsonException e)
        {
            throw new CommandFailedException($"what answers at {socket} is no ulm-server of this version: {e.Message}");
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CommandFailedException($"the server at {socket} did not answer within {_http.Timeout.TotalSeconds:0} s");
        }
        finally
        {
            if (!keep) answer?.Dispose();
        }
    }

    private string Because(Exception e) => e.InnerException is not SocketException refused ? e.Message : refused.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "nobody listens there",
        SocketError.AccessDenied => "its owner and group alone may use it",
        _ when !File.Exists(socket) => "there is no such socket",
        _ => refused.Message,
    };

    public void Dispose() => _http.Dispose();
}
