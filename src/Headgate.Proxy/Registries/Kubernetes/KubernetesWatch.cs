using System.Net.Http;
using System.Text.Json;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>Takes over what changes in a collection from a version on. One at a time.</summary>
internal sealed class KubernetesWatch(KubernetesServer server, KubernetesPaths paths, KubernetesTerms terms, TimeProvider time, Random random)
{
    private const int ShortMax = 5;

    private string _version = "";

    /// <summary>The version up to which every change was taken over.</summary>
    public string Version => _version;

    /// <summary>Told when a watch was given up because it brought nothing.</summary>
    public required Action Silent { get; init; }

    /// <summary>
    /// Gives every change after <paramref name="version"/> to <paramref name="change"/>: ADDED, MODIFIED or DELETED, and the object. Returns when the server no longer has the changes, so that all
    /// has to be read anew.
    /// </summary>
    /// <exception cref="RegistryException">It cannot be followed.</exception>
    public async Task RunAsync(string version, Action<string, JsonElement> change, CancellationToken cancellationToken)
    {
        _version = version;
        for (int hasty = 0; ;)
        {
            long began = time.GetTimestamp();
            TimeSpan length = terms.WatchLeast * (1 + random.NextDouble());
            bool broughtAny;
            using (HttpResponseMessage answer = await server.OpenAsync(paths.Watch(_version, length), terms.WatchHeadTimeout, cancellationToken))
            {
                if ((int)answer.StatusCode == 410)
                    return;
                if ((int)answer.StatusCode != 200)
                    throw new RegistryException($"{server.Name} answers {(int)answer.StatusCode} to a watch of {paths}");
                await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
                var lines = new WatchLines(stream, terms, time);
                (broughtAny, bool isGone) = await TakeAsync(lines, change, cancellationToken);
                if (isGone)
                    return;
                if (lines.IsSilent)
                    Silent();
            }

            // A watch ends when its time is over, or with its connection; the next goes on from there. One that ends at once again and again is none.
            hasty = broughtAny || time.GetElapsedTime(began) >= TimeSpan.FromSeconds(1) ? 0 : hasty + 1;
            if (hasty >= ShortMax)
                throw new RegistryException($"{server.Name} ends each watch of {paths} at once");
            if (hasty > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(50 << hasty), time, cancellationToken);
        }
    }

    private async Task<(bool BroughtAny, bool IsGone)> TakeAsync(WatchLines lines, Action<string, JsonElement> change, CancellationToken cancellationToken)
    {
        bool broughtAny = false;
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            if (line.Span.Trim(" \r\t"u8).Length == 0)
                continue;
            broughtAny = true;
            using JsonDocument document = Parse(line);
            if (!Take(document.RootElement, change))
                return (true, true);
        }

        return (broughtAny, false);
    }

    // False when the changes are gone.
    private bool Take(JsonElement line, Action<string, JsonElement> change)
    {
        string type = TryGet(line, "type", JsonValueKind.String, out JsonElement name) ? name.GetString()! : "";
        if (!TryGet(line, "object", JsonValueKind.Object, out JsonElement one))
            throw new RegistryException($"{server.Name}: a line of a watch of {paths} has no object");
        switch (type)
        {
            case "ADDED" or "MODIFIED" or "DELETED":
                string version = EndpointReader.Version(one, server.Name, "an object of a watch");
                change(type, one);
                _version = version;
                return true;
            case "BOOKMARK":
                _version = EndpointReader.Version(one, server.Name, "a bookmark");
                return true;
            case "ERROR" when TryGet(one, "code", JsonValueKind.Number, out JsonElement code) && code.TryGetInt32(out int status) && status == 410:
                return false;
            case "ERROR":
                string message = TryGet(one, "message", JsonValueKind.String, out JsonElement text) ? text.GetString()! : "without a message";
                throw new RegistryException($"{server.Name} ends a watch of {paths}: {(message.Length <= 400 ? message : message[..400])}");
            default:
                throw new RegistryException($"{server.Name}: a line of a watch of {paths} has the type {JsonSerializer.Serialize(type.Length <= 40 ? type : type[..40])}");
        }
    }

    private JsonDocument Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw new RegistryException($"{server.Name}: a line of a watch of {paths} is no JSON: {e.Message}", e);
        }
    }

    private static bool TryGet(JsonElement value, string name, JsonValueKind kind, out JsonElement member)
    {
        member = default;
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out member) && member.ValueKind == kind;
    }
}
