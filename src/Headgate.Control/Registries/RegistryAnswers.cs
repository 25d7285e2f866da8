using Headgate.Control.AdminApi;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Store;

namespace Headgate.Control.Registries;

/// <summary>An instance's part of service registries: how they are, what they say, what is held and which upstreams follow them.</summary>
internal sealed class RegistryAnswers
{
    private readonly InstanceParts _parts;
    private readonly RegistryReads _reads;
    private readonly RegistryAsking _asking;
    private readonly DiscoveryApi _discovery;

    public RegistryAnswers(InstanceParts parts, IConfigStore store, TimeProvider time)
    {
        _parts = parts;
        var known = new KnownRegistries(store, parts.Discovery, parts.Registries);
        _reads = new RegistryReads(known);
        _asking = new RegistryAsking(known, parts.RegistryQuestions, time);
        _discovery = new DiscoveryApi(parts.Discovery, time);
    }

    /// <summary>What lies below <c>service_registries</c>.</summary>
    public ValueTask<AdminResponse> RegistriesAsync(AdminRequest request)
    {
        string[] rest = request.Segments[3..];
        return (request.Method, rest) switch
        {
            ("POST", ["test"]) => _asking.TestAsync(null, request),
            ("POST", [var id, "test"]) => _asking.TestAsync(id, request),
            ("GET", [var id, "services"]) => _asking.ServicesAsync(id, request),
            ("GET", [var id, "services", .. var name, "instances"]) => _asking.InstancesAsync(id, string.Join('/', name), request),
            ("GET", [var id, "following"]) => ValueTask.FromResult(Following(id)),
            _ => _reads.AnswerAsync(rest, request),
        };
    }

    /// <summary>What lies below <c>discovery</c>.</summary>
    public ValueTask<AdminResponse> DiscoveryAsync(AdminRequest request) => ValueTask.FromResult(request.Method == "POST" ? _discovery.Release(request) : _discovery.Services(request));

    /// <summary>What follows a service of it and is served, by key.</summary>
    private AdminResponse Following(string id)
    {
        string name = id.StartsWith(KnownRegistry.SettingsPrefix, StringComparison.Ordinal) ? id[KnownRegistry.SettingsPrefix.Length..] : $"{ResourceKind.ServiceRegistry.Plural()}/{id}";
        ServedUpstream[] following = [.. _parts.Upstreams.All.Where(served => served.Upstream.Config.Service?.Registry == name)];
        return AdminResponse.Object(200, following, static (writer, all) =>
        {
            foreach ((string owner, UpstreamSnapshot upstream) in all)
            {
                writer.WriteStartObject($"{ResourceKinds.DefaultPrefix}/{owner}");
                if (upstream.Config.Name is { } name)
                    writer.WriteString("upstream_name", name);
                writer.WriteString("service_name", upstream.Config.Service!.Name);
                writer.WriteEndObject();
            }
        });
    }
}
