using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Headgate.Hosting;
using Headgate.Settings;

namespace Headgate.Demo;

/// <summary><c>headgate demo</c>: the gateway on an empty store of its own, three nodes, an upstream that weighs them 5:3:2, and a route.</summary>
internal static class DemoRun
{
    private static readonly string[] Names = ["a", "b", "c"];

    /// <summary>Runs until Ctrl-C; returns the exit code.</summary>
    public static async Task<int> RunAsync(GatewaySettings settings, TextWriter output, TextWriter error)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("headgate-demo-");
        try
        {
            return await GatewayRun.RunAsync(Prepare(settings, folder.FullName), (host, token) => ShowAsync(host, output, token), output, error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The user's settings, on data of the demo's own, and on free ports where the usual ones are taken; the Admin API in clear text, so that the commands that are shown work.</summary>
    private static GatewaySettings Prepare(GatewaySettings settings, string dataFolder)
    {
        AdminSettings admin = settings.Admin with { Enable = true, Listen = Free(settings.Admin.Listen), Tls = new AdminTlsSettings() };
        return settings with
        {
            Data = dataFolder,
            NodeListen = [.. settings.NodeListen.Items.Select(Free)],
            Ssl = settings.Ssl with { Listen = [.. settings.Ssl.Listen.Items.Select(Free)] },
            Admin = admin,
            Control = Free(settings.Control),
            Status = Free(settings.Status),
            Metrics = settings.Metrics with { Listen = Free(settings.Metrics.Listen) },
        };
    }

    private static ListenSettings Free(ListenSettings listen)
    {
        using var probe = new Socket(listen.Ip?.AddressFamily ?? AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(listen.Ip ?? IPAddress.Any, listen.Port));
            return listen;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return listen with { Port = 0 };
        }
    }

    private static async Task ShowAsync(GatewayHost host, TextWriter output, CancellationToken cancellationToken)
    {
        DemoNodes nodes = await DemoNodes.StartAsync(Names, cancellationToken);
        host.OnStop(nodes);
        string admin = host.Url(ListenerPurpose.Admin) + "/apisix/admin";
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("X-API-KEY", host.AdminKey);
        string weights = string.Join(",", nodes.Ports.Zip([5, 3, 2], (port, weight) => $"\"127.0.0.1:{port}\":{weight}"));
        await PutAsync(client, $"{admin}/upstreams/demo", "{\"name\":\"demo\",\"type\":\"roundrobin\",\"nodes\":{" + weights + "}}", cancellationToken);
        await PutAsync(client, $"{admin}/routes/demo", """{"name":"demo","uri":"/*","upstream_id":"demo"}""", cancellationToken);
        await output.WriteLineAsync(Text(host, nodes.Ports, admin));
    }

    private static async Task PutAsync(HttpClient client, string url, string json, CancellationToken cancellationToken)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.PutAsync(new Uri(url), content, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new StartException($"PUT {url} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private static string Text(GatewayHost host, IReadOnlyList<int> ports, string admin)
    {
        string traffic = host.Url(ListenerPurpose.Http);
        string patch = "{\"nodes\":{\"127.0.0.1:" + ports[0].ToString(CultureInfo.InvariantCulture) + "\":1}}";
        return $"""

            Three nodes answer on ports {string.Join(", ", ports)}; the upstream "demo" weighs them 5:3:2, the route "demo" sends everything to it.
            Gateway {traffic}   Admin API {admin}   admin key {host.AdminKey}
            Try, in another terminal:

            1. See the balance: 5, 3 and 2 of ten
               for i in $(seq 10); do curl -s {traffic}/hello; done | sort | uniq -c

            2. Turn the first node's weight down while it serves, then see the balance again
               curl -X PATCH {admin}/upstreams/demo -H 'X-API-KEY: {host.AdminKey}' -d '{patch}'

            3. Delete the upstream: refused, with the list of everything that uses it
               curl -X DELETE {admin}/upstreams/demo -H 'X-API-KEY: {host.AdminKey}'

            Ctrl-C stops everything and leaves nothing behind.

            """;
    }
}
