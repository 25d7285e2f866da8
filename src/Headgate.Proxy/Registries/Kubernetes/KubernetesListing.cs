using System.Text.Json;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>Reads a whole collection, page by page.</summary>
internal sealed class KubernetesListing(KubernetesServer server, KubernetesPaths paths, KubernetesTerms terms)
{
    private const int PagesMax = 100_000;

    /// <summary>Gives every object to <paramref name="take"/>, perhaps some twice; returns the version from which on changes are not among them. <paramref name="restart"/>: those before do not count.</summary>
    /// <exception cref="RegistryException">It cannot be read.</exception>
    public async Task<string> ReadAsync(Action<JsonElement> take, Action restart, CancellationToken cancellationToken)
    {
        int limit = terms.PageObjects;
        string next = "";
        string? version = null;
        for (int page = 0; page < PagesMax; page++)
        {
            RegistryReply reply = await server.AskAsync(paths.List(limit, next), terms.PageTimeout, cancellationToken);
            if (reply.Status == 410 && next.Length > 0)
            {
                // The pages took longer than the server keeps that state of the collection: once more, in one piece, as client-go does.
                (limit, next, version) = (0, "", null);
                restart();
                continue;
            }

            if (reply.Status != 200)
                throw KubernetesServer.Refusal(reply);
            using JsonDocument document = reply.Json();
            string before = next;
            next = ReadPage(reply, document.RootElement, take);
            version ??= EndpointReader.Version(document.RootElement, reply.Server, paths.ToString());
            if (next.Length == 0)
                return version;
            if (next == before)
                throw new RegistryException($"{reply.Server} continues {paths} with the same page again");
        }

        throw new RegistryException($"{server.Name} has more than {PagesMax} pages of {paths}");
    }

    // Returns what leads to the next page; empty when there is none.
    private string ReadPage(RegistryReply reply, JsonElement list, Action<JsonElement> take)
    {
        if (list.ValueKind != JsonValueKind.Object || !list.TryGetProperty("kind", out JsonElement kind) || kind.ValueKind != JsonValueKind.String || !kind.ValueEquals($"{paths.Kind}List"))
            throw new RegistryException($"{reply.Server} answers to {reply.Path} with what is no {paths.Kind}List");
        if (!list.TryGetProperty("items", out JsonElement items) || items.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
            throw new RegistryException($"{reply.Server} answers to {reply.Path} without a list of items");
        if (items.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in items.EnumerateArray())
                take(item);
        }

        return list.TryGetProperty("metadata", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty("continue", out JsonElement next) && next.ValueKind == JsonValueKind.String ? next.GetString()! : "";
    }
}
