using System.CommandLine;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Headgate.Control.AdminApi;
using Headgate.Hosting;
using Headgate.Settings;

namespace Headgate.CommandLine.Gateway;

/// <summary>How a tool reaches the Admin API of a running gateway.</summary>
/// <param name="Url">Scheme, host and port.</param>
/// <param name="Key">The admin key; null = none is asked for.</param>
/// <param name="Tls">How the gateway is known over HTTPS, and the tool to it; null = as the system does it, without a certificate.</param>
internal sealed record AdminAccess(Uri Url, string? Key, SslClientAuthenticationOptions? Tls = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Leaves the key out.</summary>
    public override string ToString() => $"AdminAccess {{ Url = {Url} }}";

    /// <summary>What asks it; not through a proxy of the environment: the key is for the gateway alone.</summary>
    public HttpClient NewClient()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
        if (Tls is not null)
            handler.SslOptions = Tls;
        var client = new HttpClient(new SayingWhy(handler, Tls?.ClientCertificateContext is not null)) { BaseAddress = Url, Timeout = Patience };
        if (Key is not null)
            client.DefaultRequestHeaders.Add("X-API-KEY", Key);
        return client;
    }

    /// <summary>
    /// What the command line does not say is taken from the settings that the gateway itself would read; the key of the data folder is its owner's alone to read. Returns
    /// what is wrong, or null and <paramref name="access"/>.
    /// </summary>
    public static string? Find(ParseResult given, Func<LoadedSettings> load, Uri? url, string? keyFile, out AdminAccess? access)
    {
        access = null;
        GatewaySettings? settings = null;
        if (url is null || keyFile is null)
        {
            LoadedSettings loaded = load();
            if (!loaded.IsValid)
                return $"{loaded.Errors[0]} (headgate check shows all)";
            settings = loaded.Settings;
        }

        if (url is null && Missing(settings!) is { } missing)
            return missing;
        string? expected = url is null && settings!.Admin.Tls.Enable ? settings.Admin.Tls.CertFile : null;
        if (ClientTlsOptions.Read(given, expected, out SslClientAuthenticationOptions tls) is { } wrong)
            return wrong;
        try
        {
            access = new AdminAccess(url ?? Address(settings!.Admin), keyFile is null ? FindKey(settings!) : AdminKeyFile.Read(keyFile), tls);
            return null;
        }
        catch (StartException e)
        {
            return e.Message.TrimEnd('.') + "; --key-file FILE names another";
        }
    }

    private static string? Missing(GatewaySettings settings) => settings.Admin switch
    {
        { Enable: false } => "apisix.enable_admin is false: there is no Admin API to ask; --admin URL names another gateway's",
        { Listen.Port: 0 } => "deployment.admin.admin_listen.port is 0, so that the port is only known to the running gateway; say it with --admin URL",
        _ => null,
    };

    private static Uri Address(AdminSettings admin)
    {
        ListenSettings listen = admin.Listen;
        IPAddress address = listen.Ip is null || listen.Ip.Equals(IPAddress.Any) ? IPAddress.Loopback : listen.Ip.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : listen.Ip;
        string host = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
        return new UriBuilder(admin.Tls.Enable ? "https" : "http", host, listen.Port).Uri;
    }

    private static string? FindKey(GatewaySettings settings)
    {
        if (!settings.Admin.KeyRequired)
            return null;
        AdminKeySettings? admin = settings.Admin.Keys.Items.Where(static key => key.Role == AdminRole.Admin).OrderByDescending(static key => key.IsWhole).FirstOrDefault();
        return admin?.Key ?? AdminKeyFile.Read(AdminKeyFile.PathIn(settings.Data));
    }
}
