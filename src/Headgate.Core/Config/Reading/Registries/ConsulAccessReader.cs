using System.Collections.Immutable;
using Headgate.Core.Config.Registries;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads what <c>consul</c> and <c>consul_kv</c> have in common: APISIX's keys, defaults and units, and Headgate's <c>datacenter</c> and <c>tls</c>.</summary>
internal static class ConsulAccessReader
{
    public static ConsulAccess Read(ObjectReader reader)
    {
        reader.Require("servers");
        ImmutableArray<Uri> servers = reader.Items<Uri>("servers", 1, unique: true, RegistryAddressReader.Bare) ?? [];
        string? token = reader.Text("token");
        (bool verifies, string? authorities) = ReadTls(reader, servers);
        var access = new ConsulAccess
        {
            Servers = new EquatableArray<Uri>(servers),
            Token = token is { Length: > 0 } ? token : null,
            WaitsForChanges = reader.Flag("keepalive") ?? true,
            Weight = reader.Integer("weight", 1) ?? 1,
            Datacenter = reader.Text("datacenter", 1),
            VerifiesTls = verifies,
            AuthoritiesPem = authorities,
        };
        access = access with { FetchInterval = RegistryFields.FetchInterval(reader) ?? access.FetchInterval };
        WarnOfDump(reader);
        return ReadTimeouts(reader, access);
    }

    /// <summary>The instance that stands in for none; null when there is none.</summary>
    public static ConsulDefaultInstance? ReadDefault(ObjectReader registry, string member)
    {
        if (registry.Object(member) is not { } reader)
            return null;
        reader.Require("host");
        string? host = reader.Host("host");
        int? port = reader.Integer("port", 1, 65535);
        if (reader.TryGet("metadata", out _))
            WarnNoEffect(reader, "metadata", "weight is the registry's, and failures are counted by the upstream's checks and retries");
        reader.ForbidOthers();
        return host is null ? null : new ConsulDefaultInstance(host, port);
    }

    /// <summary>Notes a key of APISIX's that does nothing here.</summary>
    public static void WarnNoEffect(ObjectReader reader, string member, string reason)
    {
        Location at = reader.At.Property(member);
        reader.Findings.Warn(at, $"{at.Path} has no effect here: {reason}");
    }

    private static ConsulAccess ReadTimeouts(ObjectReader registry, ConsulAccess access)
    {
        if (registry.Object("timeout") is not { } reader)
            return access;
        access = access with
        {
            ConnectTimeout = RegistryFields.Milliseconds(reader, "connect") ?? access.ConnectTimeout,
            ReadTimeout = RegistryFields.Milliseconds(reader, "read") ?? access.ReadTimeout,
            Wait = RegistryFields.WholeSeconds(reader, "wait") ?? access.Wait,
        };
        reader.ForbidOthers();
        return access;
    }

    private static (bool Verifies, string? AuthoritiesPem) ReadTls(ObjectReader registry, ImmutableArray<Uri> servers)
    {
        if (registry.Object("tls") is not { } reader)
            return (true, null);
        bool verifies = reader.Flag("verify") ?? true;
        string? authorities = RegistryFields.Authorities(reader);
        reader.ForbidOthers();
        if (!servers.IsEmpty && !servers.Any(static server => server.Scheme == Uri.UriSchemeHttps))
            registry.Findings.Schema(reader.At, "has no effect, because no server has an https address; allowed: without it, or https servers");
        if (!verifies && authorities is not null)
            registry.Findings.Schema(reader.At, "ca_certs have no effect with verify false; allowed: one of them");
        return (verifies, authorities);
    }

    private static void WarnOfDump(ObjectReader reader)
    {
        if (reader.TryGet("dump", out _))
            WarnNoEffect(reader, "dump", "the last answers of all registries are kept on disk without it");
    }
}
