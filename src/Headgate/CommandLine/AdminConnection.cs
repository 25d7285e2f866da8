using System.Net.Http.Headers;
using System.Text;
using Headgate.Control.AdminApi;
using Headgate.Hosting;
using Headgate.Settings;

namespace Headgate.CommandLine;

/// <summary>How a command asks the gateway that runs with the same settings: the address and a key of its Admin API.</summary>
internal sealed class AdminConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;

    private AdminConnection(Uri address, string? key)
    {
        _client = new HttpClient { BaseAddress = address, Timeout = Patience };
        if (key is not null)
            _client.DefaultRequestHeaders.Add("X-API-KEY", key);
    }

    /// <summary>The connection that the settings and the command line say.</summary>
    /// <param name="settings">The settings of the gateway.</param>
    /// <param name="url">Where its Admin API is, such as <c>http://10.0.0.1:9180</c>; null = as the settings say, on this machine.</param>
    /// <param name="key">A key; null = that of the settings, or the generated one in the data folder.</param>
    /// <exception cref="StartException">The URL is none.</exception>
    public static AdminConnection Open(GatewaySettings settings, string? url, string? key)
    {
        string address = url ?? Local(settings);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            throw new StartException($"\"{address}\" is not the URL of an Admin API, such as http://127.0.0.1:9180");
        return new AdminConnection(uri, key ?? Key(settings));
    }

    /// <summary>Posts JSON; returns the status and the body of the answer.</summary>
    /// <exception cref="HttpRequestException">The gateway cannot be reached.</exception>
    public async Task<(int Status, string Body)> PostAsync(string path, string json, CancellationToken cancellationToken)
    {
        using var content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage answer = await _client.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string Local(GatewaySettings settings)
    {
        ListenerPlan plan = ListenerPlan.All(settings with { Admin = settings.Admin with { Enable = true } }).First(p => p.Purpose == ListenerPurpose.Admin);
        return new BoundListener(plan, new System.Net.IPEndPoint(plan.Address!, plan.Listen.Port)).LocalUrl;
    }

    private static string? Key(GatewaySettings settings)
    {
        if (!settings.Admin.KeyRequired)
            return null;
        string? written = settings.Admin.Keys.Items.FirstOrDefault(k => k is { Role: AdminRole.Admin, Key: not null })?.Key;
        string generated = AdminKeyFile.PathIn(settings.Data);
        return written ?? (File.Exists(generated) ? File.ReadAllText(generated).Trim() : null);
    }
}
