using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Registries;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads how Eureka is reached, with APISIX's names of fields.</summary>
internal static class EurekaConfigReader
{
    public static EurekaConfig? Read(JsonElement value, Location at, Findings findings)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;
        ImmutableArray<RegistryAddress> servers = RegistryFields.Servers(reader, RegistryFields.OneOf(reader, "host", "hosts"), RegistryAddressReader.WithPath);
        var config = new EurekaConfig { Servers = new EquatableArray<RegistryAddress>(servers), AuthoritiesPem = RegistryFields.Authorities(reader) };
        config = config with
        {
            Prefix = RegistryFields.Prefix(reader) ?? config.Prefix,
            FetchInterval = RegistryFields.FetchInterval(reader) ?? config.FetchInterval,
            DefaultWeight = reader.Integer(RegistryFields.OneOf(reader, "weight", "default_weight"), 0) ?? config.DefaultWeight,
            Timeouts = RegistryFields.Timeouts(reader),
            VerifiesTls = reader.Flag("ssl_verify") ?? config.AuthoritiesPem is not null,
        };
        config = ReadAuthentication(reader, config);
        reader.ForbidOthers();
        return servers.IsEmpty ? null : config;
    }

    // APISIX has users in addresses alone, where they cannot be kept secret; auth, as of Nacos, is for the servers whose address names none.
    private static EurekaConfig ReadAuthentication(ObjectReader reader, EurekaConfig config)
    {
        if (RegistryFields.Login(reader) is not var (user, password) || config.Servers.Count == 0)
            return config;
        if (config.Servers.All(static server => server.User is not null))
            reader.Findings.Schema(reader.At.Property("auth"), "has no effect, because every server's address names a user (give the user in one place)");
        return config with { Servers = [.. config.Servers.Select(server => server.User is null ? server with { User = user, Password = password } : server)] };
    }
}
