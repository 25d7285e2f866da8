using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>The plugins that the Admin API's tests write into objects. What they do is no matter here, only what is known of them.</summary>
internal static class PluginsOfTests
{
    public static PluginCatalog Catalog { get; } = new(
    [
        new Named("key-auth", consumerKey: "key", "key"), new Named("jwt-auth", consumerKey: "key", "secret"), new Named("prometheus"), new Named("limit-count", null, "redis.*.password"),
        new Named("http-logger", null, ["collector.request_headers"], "auth"), new Named("traffic-split"), new Named("grpc-transcode"),
    ]);

    [ModuleInitializer]
    internal static void Use() => PluginRules.Use(Catalog);

    /// <summary>Takes any configuration.</summary>
    private sealed class Named(string name, string? consumerKey, string[] metadataSecrets, params string[] secrets) : PluginDefinition
    {
        public Named(string name, string? consumerKey = null, params string[] secrets)
            : this(name, consumerKey, [], secrets)
        {
        }

        public override string Name => name;

        public override int Priority => 1;

        public override bool IsAuthentication => consumerKey is not null;

        public override string? ConsumerKey => consumerKey;

        public override ReadOnlyMemory<byte> Schema => "{}"u8.ToArray();

        public override IReadOnlyList<string> SecretFields => secrets;

        public override IReadOnlyList<string> MetadataSecretFields => metadataSecrets;

        public override PluginConfig? Read(ObjectReader reader) => new Anything();
    }

    private sealed record Anything : PluginConfig;
}
