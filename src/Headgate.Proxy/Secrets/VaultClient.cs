using System.Net.Http;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Proxy.Calls;

namespace Headgate.Proxy.Secrets;

/// <summary>
/// Reads secrets of HashiCorp Vault, or of what speaks its protocol: <c>GET /v1/PREFIX/PATH</c>, whose answer has them below <c>data</c> (version 1 of the key-value engine) or
/// <c>data.data</c> (version 2, with <c>data</c> in the prefix). Thread-safe. Source: Vault's HTTP API; APISIX, <c>apisix/secret/vault.lua</c>, reads the first form.
/// </summary>
internal sealed class VaultClient : IDisposable
{
    private const int BytesMax = 1024 * 1024;

    private readonly HttpClient _http = CallClients.Make(new CallTerms(VerifiesTls: true, KeepsAlive: true, IdleTimeout: TimeSpan.FromSeconds(60)));

    /// <summary>The member <paramref name="key"/> of the secret at <paramref name="path"/>.</summary>
    /// <exception cref="SecretUnavailableException">The server cannot be reached in time, refuses, or has no such member.</exception>
    public async Task<string> ReadAsync(VaultSecretConfig config, string path, string key, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
            throw new SecretUnavailableException("the reference names no path before its key");
        string place = $"{config.Uri.TrimEnd('/')}/v1/{config.Prefix.Trim('/')}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";
        using var request = new HttpRequestMessage(HttpMethod.Get, place);
        request.Headers.TryAddWithoutValidation("X-Vault-Token", config.Token);
        if (config.Namespace is { } name)
            request.Headers.TryAddWithoutValidation("X-Vault-Namespace", name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!answer.IsSuccessStatusCode)
                throw new SecretUnavailableException($"{place} answers {(int)answer.StatusCode}");
            using JsonDocument document = JsonDocument.Parse(await CallBody.ReadAsync(answer.Content, BytesMax, limit.Token));
            return Find(document.RootElement, key) ?? throw new SecretUnavailableException($"{place} has no text \"{key}\"");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SecretUnavailableException($"{place} does not answer within {timeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or JsonException or UriFormatException or InvalidOperationException)
        {
            throw new SecretUnavailableException($"{place}: {(e is JsonException ? "the answer is no JSON" : e.Message)}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string? Find(JsonElement answer, string key)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Object)
            return null;
        if (data.TryGetProperty(key, out JsonElement value))
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return data.TryGetProperty("data", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty(key, out value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
    }
}
