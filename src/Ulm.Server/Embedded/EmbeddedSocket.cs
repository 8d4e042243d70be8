using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Ulm.Server.Api;
using Ulm.Server.Api.Manual;
using Ulm.Server.Commands;
using Ulm.Server.Hosting;

namespace Ulm.Server.Embedded;

/// <summary>Lets commands reach the simulated site as they reach a real one.</summary>
internal sealed class EmbeddedSocket : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmbeddedSocket(WebApplication app) => _app = app;

    /// <returns>Listens until it is disposed of.</returns>
    /// <exception cref="CommandFailedException">The socket can't be used.</exception>
    public static async Task<EmbeddedSocket> ListenAsync(string socket, RunningEngine engine, PolicyReloader reloader, CancellationToken ct)
    {
        ServerSocket.MakeFree(socket);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(socket);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        Endpoints.Map(app, engine);
        ManualEndpoints.Map(app, engine);
        ReloadEndpoint.Map(app, reloader);
        try
        {
            await app.StartAsync(ct);
            ServerSocket.Restrict(socket);
            return new EmbeddedSocket(app);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            await app.DisposeAsync();
            throw new CommandFailedException($"can't listen on {socket}: {e.Message}");
        }
    }

    /// <summary>Stopped first: those who follow the journal are told that it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
