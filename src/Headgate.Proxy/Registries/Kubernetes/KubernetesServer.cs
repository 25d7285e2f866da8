using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>
/// The API server of a cluster, as it is reached now: address, authorities and token come from the environment and from files, which change while the gateway runs. The token is read for
/// each question, the others for each reading. Thread-safe.
/// </summary>
internal sealed class KubernetesServer : IDisposable
{
    private const int FileBytesMax = 1024 * 1024;
    private const int MessageLengthMax = 400;

    private readonly RegistryServers _servers;
    private readonly KubernetesClusterConfig _config;
    private readonly Func<string, string?> _environment;

    private KubernetesServer(RegistryServers servers, KubernetesClusterConfig config, Func<string, string?> environment) =>
        (_servers, _config, _environment) = (servers, config, environment);

    /// <summary>Scheme, host and port, for texts.</summary>
    public string Name => _servers.Current;

    /// <summary>Whether its certificate is verified; true without TLS.</summary>
    public bool IsVerified { get; private init; }

    /// <summary>Finds out where it is.</summary>
    /// <exception cref="RegistryException">The environment or a file does not have what it should.</exception>
    public static async Task<KubernetesServer> FindAsync(
        KubernetesClusterConfig config, KubernetesTerms terms, TimeProvider time, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        string host = Resolve(config.Host, "service.host", environment);
        string port = Resolve(config.Port, "service.port", environment);
        if (host.Contains(':', StringComparison.Ordinal) && host[0] != '[')
            host = $"[{host}]";
        if (!Uri.TryCreate($"{config.Scheme}://{host}:{port}/", UriKind.Absolute, out Uri? server) || server.UserInfo.Length > 0 || server.PathAndQuery != "/" || server.Port is 0)
            throw new RegistryException($"service.host and service.port make no address: {JsonSerializer.Serialize(host)}, {JsonSerializer.Serialize(port)}");

        bool isTls = config.Scheme == "https";
        string? authorities = isTls && config.VerifiesTls != false ? AuthoritiesFile(config, environment) : null;
        bool verifies = config.VerifiesTls ?? (config.AuthoritiesFile is not null || (authorities is not null && config.Host == KubernetesClusterConfig.DefaultHost));
        string? pem = verifies && authorities is not null ? await ReadAuthoritiesAsync(authorities, cancellationToken) : null;
        var servers = new RegistryServers([server], new RegistryServerTerms { ConnectTimeout = terms.ConnectTimeout, VerifiesTls = verifies, AuthoritiesPem = pem }, time);
        return new KubernetesServer(servers, config, environment) { IsVerified = verifies || !isTls };
    }

    /// <summary>Asks for something that is answered at once. A status above 200 is an answer.</summary>
    /// <exception cref="RegistryException">None came.</exception>
    public async Task<RegistryReply> AskAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string? token = await ReadTokenAsync(cancellationToken);
        RegistryReply reply = await _servers.AskAsync(server => Make(server, path, token), timeout, cancellationToken);
        if (reply.Status == 401 && await ReadTokenAsync(cancellationToken) is { } newer && newer != token)
            reply = await _servers.AskAsync(server => Make(server, path, newer), timeout, cancellationToken);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // what follows is long, and this may be an I/O thread
        return reply;
    }

    /// <summary>Opens an answer that goes on.</summary>
    /// <exception cref="RegistryException">None came.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string? token = await ReadTokenAsync(cancellationToken);
        HttpResponseMessage answer = await _servers.OpenAsync(server => Make(server, path, token), timeout, cancellationToken);
        if ((int)answer.StatusCode != 401 || await ReadTokenAsync(cancellationToken) is not { } newer || newer == token)
            return answer;
        answer.Dispose();
        return await _servers.OpenAsync(server => Make(server, path, newer), timeout, cancellationToken);
    }

    /// <summary>A refusal with what the server says to it.</summary>
    public static RegistryException Refusal(RegistryReply reply)
    {
        string message = "";
        try
        {
            using JsonDocument status = JsonDocument.Parse(reply.Body);
            if (status.RootElement.ValueKind == JsonValueKind.Object && status.RootElement.TryGetProperty("message", out JsonElement text) && text.ValueKind == JsonValueKind.String)
                message = text.GetString()!;
        }
        catch (JsonException)
        {
            // a proxy's page: its status has to do
        }

        message = message.Length <= MessageLengthMax ? message : message[..MessageLengthMax] + "...";
        return new RegistryException($"{reply.Server} answers {reply.Status} to {reply.Path}{(message.Length > 0 ? $": {message}" : "")}");
    }

    /// <inheritdoc/>
    public void Dispose() => _servers.Dispose();

    private static HttpRequestMessage Make(Uri server, string path, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private async Task<string?> ReadTokenAsync(CancellationToken cancellationToken)
    {
        if (_config.Token is { } given)
            return Checked(Resolve(given, "client.token", _environment), "client.token");
        string file = Resolve(_config.TokenFile ?? KubernetesClusterConfig.DefaultTokenFile, "client.token_file", _environment);
        if (_config.Scheme == "http" && !File.Exists(file))
            return null; // kubectl proxy, which shows its own
        return Checked(await ReadAsync(file, "client.token_file", cancellationToken), $"client.token_file {file}");
    }

    private static string? Checked(string text, string name)
    {
        string token = text.Trim();
        if (token.Any(static character => character is <= ' ' or > '~'))
            throw new RegistryException($"{name} holds no token: it has characters that no token has");
        return token.Length > 0 ? token : null;
    }

    private static string? AuthoritiesFile(KubernetesClusterConfig config, Func<string, string?> environment)
    {
        if (config.AuthoritiesFile is { } given)
            return Resolve(given, "service.ca_file", environment);
        if (config.TokenFile is not { } token)
            return null;
        string beside = Path.Combine(Path.GetDirectoryName(Resolve(token, "client.token_file", environment)) ?? "", "ca.crt");
        return File.Exists(beside) ? beside : null;
    }

    private static async Task<string> ReadAuthoritiesAsync(string file, CancellationToken cancellationToken)
    {
        string pem = await ReadAsync(file, "service.ca_file", cancellationToken);
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            foreach (X509Certificate2 one in found)
                one.Dispose();
            return found.Count > 0 ? pem : throw new RegistryException($"{file} holds no certificate of an authority");
        }
        catch (CryptographicException e)
        {
            throw new RegistryException($"{file} holds no certificate of an authority: {e.Message}", e);
        }
    }

    private static async Task<string> ReadAsync(string file, string name, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(file).Length > FileBytesMax)
                throw new RegistryException($"{name} {file} is longer than {FileBytesMax} bytes");
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new RegistryException($"{name} cannot be read: {e.Message}", e);
        }
    }

    private static string Resolve(string text, string name, Func<string, string?> environment)
    {
        if (text is not ['$', '{', .. string variable, '}'])
            return text;
        return environment(variable) is { Length: > 0 } value ? value : throw new RegistryException($"the environment has no {variable}, where {name} is to come from");
    }
}
