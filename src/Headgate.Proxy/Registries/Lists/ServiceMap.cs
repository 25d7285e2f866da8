using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Lists;

/// <summary>All services of a registry that tells of them at once: an object with the names of services and their lists of nodes. Immutable.</summary>
internal sealed class ServiceMap
{
    /// <summary>One that knows no service.</summary>
    public static readonly ServiceMap Empty = new();

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly Dictionary<string, (ServiceAnswer? Answer, string? Problem)> _services = new(StringComparer.Ordinal);

    private ServiceMap()
    {
    }

    /// <summary>Names of the services, in order.</summary>
    public IEnumerable<string> Names => _services.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads the map. <paramref name="source"/> names where it comes from, for texts.</summary>
    /// <exception cref="RegistryException">It is no JSON, or no object.</exception>
    public static ServiceMap Parse(ReadOnlyMemory<byte> json, string source, int defaultWeight)
    {
        ReadOnlyMemory<byte> text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json; // editors on Windows begin files so
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Options);
            return Read(document.RootElement, source, defaultWeight);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // half of a surrogate pair is no text
        {
            throw new RegistryException($"{source} is no JSON: {e.Message}", e);
        }
    }

    /// <summary>As <see cref="Parse"/>, of JSON that is read already.</summary>
    public static ServiceMap Read(JsonElement root, string source, int defaultWeight)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new RegistryException($"{source} is {NodeList.Kind(root)}; allowed: an object with names of services and their lists of nodes");
        var map = new ServiceMap();
        foreach (JsonProperty service in root.EnumerateObject())
        {
            try
            {
                map._services[service.Name] = (NodeList.Read(service.Value, service.Name, defaultWeight), null);
            }
            catch (RegistryException e)
            {
                map._services[service.Name] = (null, $"{source}: {e.Message}");
            }
        }

        return map;
    }

    /// <summary>What is said of a service; of one that is not there, that it has no instance.</summary>
    /// <exception cref="RegistryException">What is said of it cannot be used. The others can.</exception>
    public ServiceAnswer Answer(ServiceKey service)
    {
        if (!_services.TryGetValue(service.Name, out (ServiceAnswer? Answer, string? Problem) found))
            return new ServiceAnswer([]);
        return found.Answer is { } answer ? answer.Narrowed(service.Arguments) : throw new RegistryException(found.Problem!) { IsOfServiceOnly = true };
    }
}
