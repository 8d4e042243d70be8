using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using Ulm.Engine;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power.Redfish;

/// <summary>
/// Speaks to one Redfish service over HTTP: a session of its own, made when it is first needed and again whenever the service has forgotten it
/// (DSP0266). One request at a time: BMCs are slow, and allow few sessions. The token and the password stand in no message.
/// </summary>
internal sealed class RedfishClient : IDisposable
{
    private const string TokenHeader = "X-Auth-Token";

    private const int Tries = 3;

    private const long LargestAnswer = 1 << 20;

    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly PowerConfig.Redfish _config;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private string? _token;
    private string? _session;
    private string? _distrusted;

    public RedfishClient(PowerConfig.Redfish config, TimeProvider time)
    {
        (_config, _time) = (config, time);
        var handler = new SocketsHttpHandler
        {
            // A token is for this address alone; and a BMC is reached directly, whatever proxy the environment names.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        };
        if (config.Trust is { } trust)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                (_distrusted = BmcTrust.Objection(trust, (System.Security.Cryptography.X509Certificates.X509Certificate2?)certificate, chain, errors)) is null;
        }
        else handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) =>
            (_distrusted = errors == SslPolicyErrors.None ? null : $"its certificate is not trusted by this machine ({errors}); name the authority by ca-file, or the certificate by fingerprint") is null;

        _http = new HttpClient(handler) { BaseAddress = config.Address, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.Add("OData-Version", "4.0");
        _http.DefaultRequestHeaders.Add("Accept", "application/json");
    }

    /// <exception cref="ActionFailedException">No answer, a refusal, or no JSON object.</exception>
    public Task<JsonElement> GetAsync(string path, CancellationToken ct) => WithTurnAsync(async () =>
    {
        var (status, body) = await AskAsync(() => new HttpRequestMessage(HttpMethod.Get, path), again: true, ct);
        return status == HttpStatusCode.OK ? Json(path, body) : throw new ActionFailedException($"GET {path}: {RedfishErrors.Of(status, body, _token)}");
    }, ct);

    /// <summary>Returns once the service has taken the order, even if it is still busy with it.</summary>
    /// <exception cref="ActionFailedException">No answer, or a refusal.</exception>
    public Task PostAsync(string path, object body, CancellationToken ct) => WithTurnAsync(async () =>
    {
        // Not again after a lost answer: it may have been taken, and what was true before need not be true now.
        var (status, said) = await AskAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, again: false, ct);
        return (int)status is >= 200 and < 300 ? true : throw new ActionFailedException($"POST {path}: {RedfishErrors.Of(status, said, _token)}");
    }, ct);

    public void Dispose()
    {
        // A session that is left open takes one of few places until it times out.
        if (_session is not null && _token is not null)
        {
            try
            {
                using var goodbye = new HttpRequestMessage(HttpMethod.Delete, _session) { Headers = { { TokenHeader, _token } } };
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                _http.Send(goodbye, limit.Token).Dispose();
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
            }
        }

        _http.Dispose();
        _turn.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(Func<HttpRequestMessage> request, bool again, CancellationToken ct)
    {
        var renewed = false;
        for (var tried = 1; ; tried++)
        {
            if (_token is null) await BeginSessionAsync(ct);
            try
            {
                var (status, body, wait, _, _) = await SendAsync(request(), _token, ct);
                if (status == HttpStatusCode.Unauthorized && !renewed)
                {
                    // The BMC was reset, or has closed the session for being idle.
                    (_token, _session, renewed) = (null, null, true);
                    continue;
                }

                // Said before anything was done.
                if (status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && tried < Tries)
                {
                    await Task.Delay(wait, _time, ct);
                    continue;
                }

                return (status, body);
            }
            catch (ActionFailedException) when (again && tried < Tries && _distrusted is null)
            {
                await Task.Delay(ShortestPause, _time, ct);
            }
        }
    }

    private async Task BeginSessionAsync(CancellationToken ct)
    {
        var (rootStatus, root, _, _, _) = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "/redfish/v1/"), null, ct);
        if (rootStatus != HttpStatusCode.OK) throw new ActionFailedException($"GET /redfish/v1/: {RedfishErrors.Of(rootStatus, root, null)}");
        // Where older services do not say, it is here (DSP0266, "Session login").
        var sessions = RedfishPath.Of(Json("/redfish/v1/", root), "Links", "Sessions") ?? "/redfish/v1/SessionService/Sessions";
        var password = Secret.Read(_config.Password);
        var login = new HttpRequestMessage(HttpMethod.Post, sessions) { Content = JsonContent.Create(new { UserName = _config.User, Password = password }, options: AsWritten) };
        var (status, body, _, token, place) = await SendAsync(login, null, ct);
        if ((int)status is not (>= 200 and < 300) || token is null)
        {
            var why = RedfishErrors.Of(status, body, password);
            throw new ActionFailedException(status == HttpStatusCode.Unauthorized ? $"it lets user {_config.User} not in: {why}" : (int)status is >= 200 and < 300 ? "it began a session without a token" : $"no session: {why}");
        }

        (_token, _session) = (token, PathOf(place));
    }

    /// <summary>A BMC may take another address for its own than the one that it is reached by, and the token is for that one alone.</summary>
    private static string? PathOf(Uri? place) => (place is { IsAbsoluteUri: true } ? place.PathAndQuery : place?.OriginalString) is ['/', not '/', ..] path ? path : null;

    private static readonly JsonSerializerOptions AsWritten = new() { PropertyNamingPolicy = null };

    private async Task<(HttpStatusCode Status, string Body, TimeSpan Wait, string? Token, Uri? Place)> SendAsync(HttpRequestMessage request, string? token, CancellationToken ct)
    {
        using var over = new CancellationTokenSource(RequestLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        using (request)
        {
            var what = $"{request.Method} {request.RequestUri}";
            if (token is not null) request.Headers.Add(TokenHeader, token);
            try
            {
                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
                // As JSON is: whatever the answer says of its characters, which may be something that nobody knows.
                var body = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(either.Token));
                var wait = answer.Headers.RetryAfter?.Delta ?? ShortestPause;
                return (answer.StatusCode, body, wait < ShortestPause ? ShortestPause : wait > LongestPause ? LongestPause : wait, answer.Headers.TryGetValues(TokenHeader, out var given) ? given.First() : null, answer.Headers.Location);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new ActionFailedException($"{what}: no answer within {Show.Duration(RequestLimit)}");
            }
            catch (HttpRequestException e)
            {
                throw new ActionFailedException($"{what}: {_distrusted ?? e.InnerException?.Message ?? e.Message}", e);
            }
        }
    }

    private static JsonElement Json(string path, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (JsonException)
        {
        }

        throw new ActionFailedException($"{path} is no JSON object");
    }

    private async Task<T> WithTurnAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await ask();
        }
        finally
        {
            _turn.Release();
        }
    }
}
