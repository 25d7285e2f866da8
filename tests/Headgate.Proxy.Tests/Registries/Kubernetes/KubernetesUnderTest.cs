using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries;
using Headgate.Proxy.Registries.Kubernetes;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Registries.Kubernetes;

/// <summary>An API server with a client of it.</summary>
internal sealed class KubernetesUnderTest : IAsyncDisposable
{
    private KubernetesUnderTest(KubernetesApiServer server) => Server = server;

    public KubernetesApiServer Server { get; }

    public IRegistryClient Client { get; private set; } = null!;

    public ConcurrentDictionary<string, string> Environment { get; } = new();

    /// <summary>Short limits, so that tests take no time, and yet far above what a busy machine needs for an answer.</summary>
    public static KubernetesTerms Terms { get; } = new() { PageObjects = 3, PauseFirst = TimeSpan.FromMilliseconds(20), PauseMost = TimeSpan.FromMilliseconds(100) };

    /// <summary>Starts both; <paramref name="settings"/> are the members beside <c>service</c>, with ' for ".</summary>
    public static async Task<KubernetesUnderTest> StartAsync(string settings = "'watch_endpoint_slices':true", KubernetesTerms? terms = null, TimeProvider? time = null)
    {
        var test = new KubernetesUnderTest(await KubernetesApiServer.StartAsync());
        test.Client = test.Make($"{{'service':{{'schema':'http','host':'127.0.0.1','port':{test.Server.Port}}}{(settings.Length > 0 ? "," : "")}{settings}}}", terms, time);
        return test;
    }

    /// <summary>A further client with settings of its own.</summary>
    public IRegistryClient Make(string json, KubernetesTerms? terms = null, TimeProvider? time = null) =>
        new KubernetesRegistryClient(Parse(json), Needs(time), terms ?? Terms, name => Environment.GetValueOrDefault(name));

    /// <summary>Settings, with ' for ".</summary>
    public static KubernetesConfig Parse(string json)
    {
        var errors = new ConfigErrors();
        using var document = JsonDocument.Parse(json.Replace('\'', '"'));
        RegistryConfig? config = ConfigParser.ParseRegistry("kubernetes", document.RootElement, errors);
        errors.Errors.Select(static error => error.Message).ShouldBeEmpty();
        return config.ShouldBeOfType<KubernetesConfig>();
    }

    /// <summary>What clients are made with.</summary>
    public static RegistryServices Needs(TimeProvider? time = null) => new(time ?? TimeProvider.System, NullLoggerFactory.Instance, TestSeed.Value);

    public ServiceFollower Follow(string name) => new(Client, Service(name));

    public static ServiceKey Service(string name) => RegistryUnderTest.Service("kubernetes", name);

    /// <summary>Stores an EndpointSlice <c>default/NAME</c> of a service</summary>
    public void PutSlice(string name, string service, string addresses, string ports = "[{'name':'http','port':80}]", string type = "IPv4", string space = "default", string labels = "")
    {
        string endpoints = string.Join(',', addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static one => one[0] == '{' ? one : $"{{'addresses':['{one}'],'conditions':{{'ready':true}}}}"));
        string metadata = $"{{'name':'{name}','namespace':'{space}','labels':{{'kubernetes.io/service-name':'{service}'{labels}}}}}";
        Server.Objects.Put(KubernetesCollection.Slices, Json($"{{'metadata':{metadata},'addressType':'{type}','endpoints':[{endpoints}],'ports':{ports}}}"));
    }

    /// <summary>Stores an object of any form without looking at it.</summary>
    public void PutUnchecked(string name, string json) => Server.Objects.PutUnchecked(KubernetesCollection.Slices, "default", name, Json(json));

    public void DeleteSlice(string name) => Server.Objects.Delete(KubernetesCollection.Slices, "default", name);

    public static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text.Replace('\'', '"'))!;

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
