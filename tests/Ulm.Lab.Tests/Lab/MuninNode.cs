using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ulm.Lab.Tests.Lab;

/// <summary>munin-node as telnet would see it, so that the lab is checked by something other than what is tested on it.</summary>
public static class MuninNode
{
    /// <summary>The values of one plugin, by field.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> FetchAsync(string host, string plugin, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(LabSite.Address(host), 4949, cancellation);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"fetch {plugin}\nquit\n"), cancellation);
        var values = new Dictionary<string, double>();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Split(".value ") is [var field, var value]) values[field] = double.Parse(value, CultureInfo.InvariantCulture);
        }

        return values;
    }

    /// <summary>How much of its CPUs a host used over some seconds, in per cent of all of them, by its `cpu` plugin.</summary>
    public static async Task<double> CpuPercentAsync(string host, TimeSpan over, CancellationToken cancellation)
    {
        var before = await FetchAsync(host, "cpu", cancellation);
        await Task.Delay(over, cancellation);
        var after = await FetchAsync(host, "cpu", cancellation);
        var all = after.Keys.Sum(field => after[field] - before[field]);
        return 100 * (after["user"] - before["user"]) / all;
    }
}
