using System.Net.Http;
using System.Text;
using System.Text.Json;
using Headgate.Proxy.Calls;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>Reads a provider's documents: what it says about itself (OpenID Connect Discovery 1.0 §3), and its keys (RFC 7517). Thread-safe.</summary>
internal sealed class ProviderDocuments(ProviderTerms terms, HttpClient client)
{
    /// <summary>The longest document.</summary>
    public const int BytesMax = 262_144;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>Asks for both.</summary>
    /// <exception cref="InvalidDataException">What came cannot be used; <see cref="HttpRequestException"/>, <see cref="IOException"/> and <see cref="OperationCanceledException"/> (time): nothing came.</exception>
    public async Task<ProviderFacts> FetchAsync()
    {
        try
        {
            return await FetchBothAsync();
        }
        catch (InvalidOperationException)
        {
            throw new InvalidDataException("a text of its documents has half of a surrogate pair"); // the framework says so only when the text is read
        }
    }

    private async Task<ProviderFacts> FetchBothAsync()
    {
        using JsonDocument discovery = await FetchAsync(terms.Discovery);
        byte[] issuer = Encoding.UTF8.GetBytes(Text(discovery.RootElement, "issuer"));
        if (!terms.NeedsKeys)
            return new ProviderFacts(issuer, VerificationKeys.None);

        string at = Text(discovery.RootElement, "jwks_uri");
        if (!Uri.TryCreate(at, UriKind.Absolute, out Uri? url) || (url.Scheme != "https" && url.Scheme != terms.Discovery.Scheme))
            throw new InvalidDataException($"its jwks_uri is no {terms.Discovery.Scheme} URL");
        using JsonDocument keys = await FetchAsync(url);
        VerificationKeys read = JwksReader.Read(keys.RootElement);
        return read.Count > 0 ? new ProviderFacts(issuer, read) : throw new InvalidDataException("its jwks_uri has no key that verifies RS, PS or ES");
    }

    private async Task<JsonDocument> FetchAsync(Uri from)
    {
        using var timeout = new CancellationTokenSource(terms.Timeout);
        using HttpResponseMessage answer = await client.GetAsync(from, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
        if ((int)answer.StatusCode != 200)
            throw new InvalidDataException($"{from.AbsolutePath} is answered {(int)answer.StatusCode}");
        byte[] body = await CallBody.ReadAsync(answer.Content, BytesMax, timeout.Token);
        try
        {
            var document = JsonDocument.Parse(body, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new InvalidDataException($"{from.AbsolutePath} is no JSON object");
    }

    private static string Text(JsonElement document, string name) =>
        document.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new InvalidDataException($"its discovery document names no {name}");
}
