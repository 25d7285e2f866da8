using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads how keepers of secrets are reached. What APISIX does not know of them it lets pass; here it is noted.</summary>
internal static partial class SecretReader
{
    private const string UriPattern = @"^[^\/]+:\/\/([\da-zA-Z.-]+|\[[\da-fA-F:]+\])(:\d+)?";

    /// <summary>The keepers that there are, as they stand in paths.</summary>
    public static ImmutableArray<string> Names { get; } = ["vault", "file", "aws", "gcp"];

    public static SecretConfig? Read(string id, JsonElement value, Findings findings)
    {
        string kind = id.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? id[..slash] : id;
        if (!Names.Contains(kind))
        {
            findings.Add(Phase.Early, Location.Root, $"invalid secret manager: {LuaText.Clip(kind)} (there are: {string.Join(", ", Names)})");
            return null;
        }

        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;
        reader.TryGet("id", out _);
        MetadataReader.CheckTimes(reader);
        SecretConfig config = kind switch
        {
            "vault" => ReadVault(id, reader),
            "file" => new FileSecretConfig(id, Required(reader, "folder", Folder)),
            "aws" => ReadAws(id, reader),
            _ => ReadGcp(id, reader),
        };
        reader.WarnOthers();
        if (kind is "aws" or "gcp")
            findings.Warn(Location.Root, $"{id} has no effect here: secrets are had from vault, file and the environment");
        return config;
    }

    private static VaultSecretConfig ReadVault(string id, ObjectReader reader)
    {
        string uri = Required(reader, "uri", Uri);
        string prefix = Required(reader, "prefix", Text);
        string token = Required(reader, "token", Text);
        return new VaultSecretConfig(id, uri, prefix, token, reader.Text("namespace"));
    }

    private static AwsSecretConfig ReadAws(string id, ObjectReader reader)
    {
        string key = Required(reader, "access_key_id", Text);
        string secret = Required(reader, "secret_access_key", Text);
        return new AwsSecretConfig(id, key, secret, reader.Text("session_token"), reader.Text("region") ?? AwsSecretConfig.DefaultRegion, Uri(reader, "endpoint_url"));
    }

    private static GcpSecretConfig ReadGcp(string id, ObjectReader reader)
    {
        bool inside = reader.Has("auth_config");
        if (inside == reader.Has("auth_file"))
        {
            string found = inside ? "matches both schemas 1 and 2" : "matches none";
            reader.Findings.Schema(reader.At, $"value should match only one schema, but {found} (give either auth_config or auth_file)");
        }

        var config = new GcpSecretConfig(id) { AuthFile = reader.Text("auth_file"), SslVerify = reader.Flag("ssl_verify") ?? true };
        if (reader.Object("auth_config") is not { } account)
            return config;
        config = config with
        {
            ClientEmail = Required(account, "client_email", Text),
            PrivateKey = Required(account, "private_key", Text),
            ProjectId = Required(account, "project_id", Text),
            TokenUri = account.Text("token_uri") ?? config.TokenUri,
            EntriesUri = account.Text("entries_uri") ?? config.EntriesUri,
            Scope = account.Items<string>("scope", 0, unique: false, ItemReaders.Text) is { } scope ? new EquatableArray<string>(scope) : config.Scope,
        };
        account.WarnOthers();
        return config;
    }

    private static string Required(ObjectReader reader, string name, Func<ObjectReader, string, string?> read)
    {
        reader.Require(name);
        return read(reader, name) ?? "";
    }

    private static string? Text(ObjectReader reader, string name) => reader.Text(name);

    private static string? Folder(ObjectReader reader, string name)
    {
        string? folder = reader.Text(name, 1);
        if (folder is not null && (!folder.StartsWith('/') || folder.Split('/').Contains("..")))
            reader.Findings.Add(Phase.Own, reader.At.Property(name), $"{name} {LuaText.Clip(folder)} must be an absolute path without \"..\"");
        return folder;
    }

    private static string? Uri(ObjectReader reader, string name)
    {
        if (reader.Text(name) is not { } uri)
            return null;
        if (UriForm().IsMatch(uri))
            return uri;
        JsonValues.MatchesNot(UriPattern, uri, reader.At.Property(name), reader.Findings);
        return null;
    }

    [GeneratedRegex(UriPattern)]
    private static partial Regex UriForm();
}
