using System.Net.Http.Headers;
using System.Text.Json;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries;

/// <summary>A registry's answer to one question.</summary>
/// <param name="Server">Who gave it, for texts.</param>
/// <param name="Path">What was asked for, without its query: that may tell a token.</param>
/// <param name="Status">100..499.</param>
/// <param name="Head">Its fields.</param>
/// <param name="Body">All of it.</param>
internal sealed record RegistryReply(string Server, string Path, int Status, HttpResponseHeaders Head, byte[] Body)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>A field of the head; null when absent.</summary>
    public string? Field(string name) => Head.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    /// <summary>The body as JSON, if the status is 200.</summary>
    /// <exception cref="RegistryException">The status is another one, or the body no JSON.</exception>
    public JsonDocument Json()
    {
        if (Status != 200)
            throw new RegistryException($"{Server} answers {Status} to {Path}");
        try
        {
            return JsonDocument.Parse(Body, Options);
        }
        catch (JsonException e)
        {
            throw new RegistryException($"{Server} answers to {Path} with what is no JSON: {e.Message}", e);
        }
    }
}
