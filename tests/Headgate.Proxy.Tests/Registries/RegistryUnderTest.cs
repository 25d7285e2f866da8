using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Registries;

/// <summary>Makes clients of registries from their settings, which write ' for ".</summary>
internal static class RegistryUnderTest
{
    public static IRegistryClient Client(string type, string settings, TimeProvider? time = null)
    {
        using var document = JsonDocument.Parse(settings.Replace('\'', '"'));
        var errors = new ConfigErrors();
        RegistryConfig? config = ConfigParser.ParseRegistry(type, document.RootElement, errors);
        errors.Errors.ShouldBeEmpty();
        return RegistryClients.Make(config.ShouldNotBeNull(), new RegistryServices(time ?? TimeProvider.System, NullLoggerFactory.Instance, TestSeed.Value));
    }

    public static ServiceKey Service(string type, string name, DiscoveryArguments? arguments = null) => new(type, null, name, arguments ?? DiscoveryArguments.None);

    public static DiscoveryArguments Metadata(params (string Key, string Value)[] entries) =>
        new() { Metadata = [.. entries.Select(static entry => new MetadataEntry(entry.Key, entry.Value))] };
}
