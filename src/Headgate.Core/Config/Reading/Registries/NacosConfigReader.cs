using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Registries;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads how Nacos is reached, with APISIX's names of fields or API7's.</summary>
internal static class NacosConfigReader
{
    private static readonly ImmutableArray<string> Apis = ["v1", "v2", "v3"];

    public static NacosConfig? Read(JsonElement value, Location at, Findings findings)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;
        ImmutableArray<RegistryAddress> servers = RegistryFields.Servers(reader, RegistryFields.OneOf(reader, "host", "hosts"), RegistryAddressReader.WithoutPath);
        var config = new NacosConfig { Servers = new EquatableArray<RegistryAddress>(servers) };
        config = config with
        {
            Prefix = RegistryFields.Prefix(reader) ?? config.Prefix,
            FetchInterval = RegistryFields.FetchInterval(reader) ?? config.FetchInterval,
            DefaultWeight = reader.Integer(RegistryFields.OneOf(reader, "weight", "default_weight"), 1) ?? config.DefaultWeight,
            Timeouts = RegistryFields.Timeouts(reader),
            VerifiesTls = reader.Flag("ssl_verify") ?? config.VerifiesTls,
            AuthoritiesPem = RegistryFields.Authorities(reader),
        };
        config = ReadAuthentication(reader, config with { Api = ReadApi(reader, config.Prefix) });
        reader.ForbidOthers();
        return servers.IsEmpty ? null : config;
    }

    private static NacosApi ReadApi(ObjectReader reader, string prefix) => (reader.Choice("api_version", Apis) ?? prefix.TrimEnd('/').Split('/')[^1]) switch
    {
        "v2" => NacosApi.V2,
        "v3" => NacosApi.V3,
        _ => NacosApi.V1,
    };

    // The keys stand beside the others in APISIX, where empty ones count as none, and below auth in API7, where there is one way of several.
    private static NacosConfig ReadAuthentication(ObjectReader reader, NacosConfig config)
    {
        config = ReadKeys(reader, config);
        if (reader.Object("auth") is not { } auth)
            return config;
        config = config with { User = auth.Text("username", 1), Password = auth.Text("password"), Token = auth.Text("token", 1) };
        int ways = (auth.Has("username") || auth.Has("password") ? 1 : 0) + (auth.Has("token") ? 1 : 0) + (auth.Has("access_key") || auth.Has("secret_key") ? 1 : 0);
        if (ways != 1)
            reader.Findings.Schema(auth.At, "it has to have one of: username and password; token; access_key and secret_key");
        else if (auth.Has("username") != auth.Has("password"))
            auth.Require(auth.Has("username") ? "password" : "username");
        if (auth.Has("access_key") || auth.Has("secret_key"))
        {
            if (config.AccessKey is not null)
                reader.Findings.Schema(auth.At, "access_key and secret_key stand beside auth already (give them in one place)");
            config = ReadKeys(auth, config);
        }

        auth.ForbidOthers();
        return config;
    }

    private static NacosConfig ReadKeys(ObjectReader reader, NacosConfig config)
    {
        string access = reader.Text("access_key") ?? "";
        string secret = reader.Text("secret_key") ?? "";
        if (access.Length > 0 && secret.Length > 0)
            return config with { AccessKey = access, SecretKey = secret };
        if (access.Length + secret.Length > 0)
        {
            Location at = reader.At.Property(access.Length > 0 ? "access_key" : "secret_key");
            reader.Findings.Warn(at, $"{at.Path} has no effect without {(access.Length > 0 ? "secret_key" : "access_key")}: questions are not signed");
        }

        return config;
    }
}
