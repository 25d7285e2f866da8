using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads <c>discovery.consul_kv</c> and <c>consul_kv_config</c>.</summary>
internal static class ConsulKvReader
{
    private const string DefaultMember = "default_service";

    // What APISIX's documentation calls it; its code knows the other name only.
    private const string DocumentedDefaultMember = "default_server";

    public static ConsulKvConfig? Read(JsonElement value, Location at, Findings findings)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;
        ConsulAccess access = ConsulAccessReader.Read(reader);
        ConsulDefaultInstance? named = ConsulAccessReader.ReadDefault(reader, DefaultMember);
        ConsulDefaultInstance? documented = ConsulAccessReader.ReadDefault(reader, DocumentedDefaultMember);
        if (reader.Has(DefaultMember) && reader.Has(DocumentedDefaultMember))
            findings.Schema(at, $"{DefaultMember} and {DocumentedDefaultMember} are the same; allowed: one of them");
        string prefix = (reader.Text("prefix", 1) ?? "upstreams").Trim('/');
        if (prefix.Length == 0)
            findings.Schema(at.Property("prefix"), "names no folder (given slashes alone; allowed: a path such as \"upstreams\")");
        ImmutableArray<string> skipped = reader.Items<string>("skip_keys", 1, unique: false, ItemReaders.Text) ?? [];
        reader.ForbidOthers();
        if (findings.HasErrors)
            return null;
        return new ConsulKvConfig(access with { DefaultInstance = named ?? documented }) { Prefix = prefix, SkippedKeys = [.. skipped.Select(static key => key.Trim('/'))] };
    }
}
