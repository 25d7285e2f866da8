using Headgate.CommandLine;
using Headgate.Control.Access;
using Headgate.Settings;

namespace Headgate.Hosting;

/// <summary>What a user sees when the gateway has started: one line a listener, then what is missing.</summary>
internal static class Banner
{
    /// <summary>Writes it; with <paramref name="firstSteps"/> also how to fill an empty store.</summary>
    public static async Task WriteAsync(GatewayHost host, bool firstSteps, TextWriter output)
    {
        await output.WriteLineAsync($"headgate {GatewayVersion.Text}, data in {Path.GetFullPath(host.Settings.Data)}");
        foreach (BoundListener listener in host.Listeners)
            await output.WriteLineAsync($"  {Name(listener.Plan.Purpose),-11} {listener.Plan.Scheme}://{listener.EndPoint}{PathOf(host, listener.Plan.Purpose)}");
        if (host.GeneratedKeyFile is not null)
            await output.WriteLineAsync($"  admin key   generated, in {host.GeneratedKeyFile}");
        if (host.FirstPassword is not null)
            await output.WriteLineAsync($"  first user  {FirstUser.Name}, password {host.FirstPassword} (shown once; to be changed at the first login)");

        // Over TLS curl needs to be told name and authority, and maybe a certificate, which are not known here.
        if (firstSteps && host.IsEmpty && host.Settings is { ServesAdmin: true, ServesTraffic: true, IsApiDriven: false, Admin.Tls.Enable: false })
            await WriteFirstStepsAsync(host, output);
    }

    private static async Task WriteFirstStepsAsync(GatewayHost host, TextWriter output)
    {
        string admin = host.Url(ListenerPurpose.Admin);
        string key = !host.Settings.Admin.KeyRequired ? "" : host.GeneratedKeyFile is null ? " -H \"X-API-KEY: $ADMIN_KEY\"" : $" -H \"X-API-KEY: $(cat '{host.GeneratedKeyFile}')\"";
        await output.WriteLineAsync($"""

            The store is empty. The first upstream, a route to it, and a request:
              curl -X PUT {admin}/apisix/admin/upstreams/1{key} -d '{"{"}"nodes":{"{"}"127.0.0.1:8080":1{"}"}{"}"}'
              curl -X PUT {admin}/apisix/admin/routes/1{key} -d '{"{"}"uri":"/*","upstream_id":"1"{"}"}'
              curl {host.Url(ListenerPurpose.Http)}/

            """);
    }

    private static string PathOf(GatewayHost host, ListenerPurpose purpose) => purpose switch
    {
        ListenerPurpose.Admin => "/apisix/admin",
        ListenerPurpose.Control => "/v1",
        ListenerPurpose.Status => "/status",
        ListenerPurpose.Metrics => host.Settings.Metrics.Uri,
        _ => "",
    };

    private static string Name(ListenerPurpose purpose) => purpose switch
    {
        ListenerPurpose.Http => "HTTP",
        ListenerPurpose.Https => "HTTPS",
        ListenerPurpose.Admin => "Admin API",
        ListenerPurpose.Control => "control API",
        ListenerPurpose.Status => "status",
        _ => "metrics",
    };
}
