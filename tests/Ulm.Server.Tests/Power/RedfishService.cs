using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ulm.Server.Tests.Power;

/// <summary>
/// A Redfish service over real HTTP and TLS, with a machine of its own that takes time to go on and off. Sessions, errors and actions as DMTF's
/// DSP0266 1.20 and DSP2046 have them; what a BMC may do beside (forget sessions, be busy, take an order late) can be asked for.
/// </summary>
internal sealed class RedfishService : IAsyncDisposable
{
    public const string User = "ulm";

    private const string Base = "https://redfish.dmtf.org/schemas/registries/Base.1.18.1/";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _sessions = [];
    private int _made;

    private RedfishService(WebApplication app, X509Certificate2 certificate) => (_app, Certificate) = (app, certificate);

    public X509Certificate2 Certificate { get; }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public string PowerState { get; set; } = "Off";

    public string[] ResetTypes { get; set; } = ["On", "ForceOff", "GracefulShutdown", "GracefulRestart", "ForceRestart"];

    public bool SaysTypesInActionInfo { get; set; }

    public bool HangsAtShutdown { get; set; }

    public int SessionLimit { get; set; } = 4;

    /// <summary>So many requests are answered with 503 and Retry-After.</summary>
    public int BusyFor { get; set; }

    public int Systems { get; set; } = 1;

    public TimeSpan Delay { get; set; }

    /// <summary>What stands before the path of a session, in the answer that makes it.</summary>
    public string SessionsAt { get; set; } = "";

    /// <summary>How a login is refused, whatever it says; null: by the standard's own words, where it is wrong.</summary>
    public Func<string, string>? RefusesLogin { get; set; }

    public string ContentType { get; set; } = "application/json";

    /// <summary>What is really sent in place of an answer that is no failure.</summary>
    public Func<string, string> Garbles { get; set; } = answer => answer;

    public ConcurrentQueue<string> Requests { get; } = [];

    public int SessionsOpen => _sessions.Count;

    public int SessionsMade => _made;

    public void ForgetSessions() => _sessions.Clear();

    public static async Task<RedfishService> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, o => o.UseHttps(certificate)));
        var app = builder.Build();
        var service = new RedfishService(app, certificate);
        app.Run(service.AnswerAsync);
        await app.StartAsync();
        return service;
    }

    /// <summary>For 127.0.0.1, by itself or by an authority.</summary>
    public static X509Certificate2 MakeCertificate(X509Certificate2? authority = null, string name = "127.0.0.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(name, out var ip)) names.AddIpAddress(ip);
        else names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var made = authority is null ? request.CreateSelfSigned(from, until) : request.Create(authority, from.AddHours(1), until.AddHours(-1), [1, 2, 3, 4]).CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public static X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Site CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value!.TrimEnd('/'));
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Requests.Enqueue($"{method} {path} {body}".Trim());
        await Task.Delay(Delay);
        if (BusyFor > 0)
        {
            BusyFor--;
            context.Response.Headers.RetryAfter = "1";
            await FailAsync(context, 503, "ServiceTemporarilyUnavailable", "The service is temporarily unavailable. Retry in 1 seconds.");
            return;
        }

        switch (method, path)
        {
            case ("GET", "/redfish/v1"):
                await SayAsync(context, new { Systems = Link("/redfish/v1/Systems"), Links = new { Sessions = Link("/redfish/v1/SessionService/Sessions") } }, "/redfish/v1");
                return;
            case ("POST", "/redfish/v1/SessionService/Sessions"):
                await LogInAsync(context, JsonNode.Parse(body)!);
                return;
        }

        if (!_sessions.ContainsKey(context.Request.Headers["X-Auth-Token"].ToString()))
        {
            await FailAsync(context, 401, "NoValidSession", "There is no valid session established with the implementation.");
            return;
        }

        switch (method, path)
        {
            case ("DELETE", var session) when session.StartsWith("/redfish/v1/SessionService/Sessions/", StringComparison.Ordinal):
                _sessions.TryRemove(context.Request.Headers["X-Auth-Token"].ToString(), out _);
                context.Response.StatusCode = 204;
                return;
            case ("GET", "/redfish/v1/Systems"):
                await SayAsync(context, new { Members = Enumerable.Range(1, Systems).Select(n => Link($"/redfish/v1/Systems/{n}")) }, path);
                return;
            case ("GET", "/redfish/v1/Systems/1"):
                await SayAsync(context, Machine(), path);
                return;
            case ("GET", "/redfish/v1/Systems/1/ResetActionInfo"):
                await SayAsync(context, new { Parameters = new[] { new { Name = "ResetType", Required = true, AllowableValues = ResetTypes } } }, path);
                return;
            case ("POST", "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset"):
                await ResetAsync(context, JsonNode.Parse(body)?["ResetType"]?.GetValue<string>() ?? "");
                return;
            default:
                await FailAsync(context, 404, "ResourceMissingAtURI", $"The resource at the URI '{path}' was not found.");
                return;
        }
    }

    private async Task LogInAsync(HttpContext context, JsonNode login)
    {
        if (RefusesLogin is { } refuse)
        {
            await FailAsync(context, 400, "PropertyValueFormatError", refuse(login["Password"]!.GetValue<string>()));
            return;
        }

        if (login["UserName"]?.GetValue<string>() != User || login["Password"]?.GetValue<string>() != PowerSetup.Password)
        {
            await FailAsync(context, 401, "InsufficientPrivilege", "There are insufficient privileges for the account or credentials associated with the current session to perform the requested operation.");
            return;
        }

        if (_sessions.Count >= SessionLimit)
        {
            await FailAsync(context, 400, "SessionLimitExceeded", "The session establishment failed due to the number of simultaneous sessions exceeding the limit of the implementation.");
            return;
        }

        var number = Interlocked.Increment(ref _made);
        var token = $"token{number}";
        _sessions[token] = $"/redfish/v1/SessionService/Sessions/{number}";
        context.Response.StatusCode = 201;
        context.Response.Headers["X-Auth-Token"] = token;
        context.Response.Headers.Location = SessionsAt + _sessions[token];
        await SayAsync(context, new { Id = $"{number}", UserName = User }, _sessions[token]);
    }

    private async Task ResetAsync(HttpContext context, string type)
    {
        if (!ResetTypes.Contains(type))
        {
            await FailAsync(context, 400, "ActionParameterNotSupported", $"The parameter ResetType for the action ComputerSystem.Reset with the value '{type}' is not supported on the target resource.");
            return;
        }

        if (type == "ForceOff" && PowerState == "Off")
        {
            await FailAsync(context, 409, "PropertyValueConflict", "The host is already off.");
            return;
        }

        PowerState = type switch { "On" => "PoweringOn", "GracefulShutdown" => HangsAtShutdown ? PowerState : "PoweringOff", _ => "Off" };
        _ = Task.Delay(300).ContinueWith(_ => PowerState = PowerState switch { "PoweringOn" => "On", "PoweringOff" => "Off", var still => still }, TaskScheduler.Default);
        context.Response.StatusCode = 204;
    }

    private Dictionary<string, object> Machine()
    {
        var reset = new Dictionary<string, object> { ["target"] = "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset" };
        if (SaysTypesInActionInfo) reset["@Redfish.ActionInfo"] = "/redfish/v1/Systems/1/ResetActionInfo";
        else reset["ResetType@Redfish.AllowableValues"] = ResetTypes;
        return new() { ["Id"] = "1", ["PowerState"] = PowerState, ["Actions"] = new Dictionary<string, object> { ["#ComputerSystem.Reset"] = reset } };
    }

    private static Dictionary<string, string> Link(string path) => new() { ["@odata.id"] = path };

    private async Task SayAsync(HttpContext context, object body, string path)
    {
        var node = JsonSerializer.SerializeToNode(body)!.AsObject();
        node["@odata.id"] = path;
        context.Response.ContentType = ContentType;
        await context.Response.WriteAsync(Garbles(node.ToJsonString()));
    }

    private static async Task FailAsync(HttpContext context, int status, string id, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["error"] = new Dictionary<string, object>
            {
                ["code"] = "Base.1.18.GeneralError",
                ["message"] = "A general error has occurred. See ExtendedInfo for more information.",
                ["@Message.ExtendedInfo"] = new[] { new { MessageId = $"Base.1.18.{id}", Message = message, Severity = "Critical", Resolution = $"See {Base}" } },
            },
        }));
    }
}
