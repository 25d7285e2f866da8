using System.Runtime.CompilerServices;
using Headgate.Core.Config;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>The plugins that the Admin API's tests write into objects. What they do is no matter here, only what is known of them.</summary>
internal static class PluginsOfTests
{
    [ModuleInitializer]
    internal static void Use() => PluginRules.Use(new Dictionary<string, PluginTraits>
    {
        ["key-auth"] = new() { IsAuth = true, ConsumerKey = "key", SecretFields = ["key"] },
        ["jwt-auth"] = new() { IsAuth = true, ConsumerKey = "key", SecretFields = ["secret"] },
        ["prometheus"] = new(),
        ["limit-count"] = new() { SecretFields = ["redis.*.password"] },
        ["http-logger"] = new() { SecretFields = ["auth"] },
        ["traffic-split"] = new(),
        ["grpc-transcode"] = new(),
    });
}
