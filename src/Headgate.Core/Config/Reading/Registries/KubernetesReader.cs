using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Core.Config.Registries;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads how Kubernetes clusters are reached: one cluster, or a list of clusters with ids. Source: APISIX's schema of its kubernetes discovery; <c>service.ca_file</c> is Headgate's own.</summary>
internal static partial class KubernetesReader
{
    private const string IdPattern = "^[a-z0-9]{1,64}$";
    private const string NamespacePattern = "^[a-z0-9]([-a-z0-9_.]*[a-z0-9])?$";
    private const string NamespaceRegexPattern = @"^[\x21-\x7e]*$";
    private const string FilePattern = """^[^\:*?"<>|]*$""";

    private static readonly ImmutableArray<string> Schemes = ["http", "https"];
    private static readonly ImmutableArray<(string Name, KubernetesNamespaceMatch Kind)> Selections =
        [("equal", KubernetesNamespaceMatch.Equal), ("not_equal", KubernetesNamespaceMatch.NotEqual), ("match", KubernetesNamespaceMatch.Match), ("not_match", KubernetesNamespaceMatch.NotMatch)];

    public static KubernetesConfig? Read(JsonElement value, Location at, Findings findings)
    {
        // An empty list is an empty object: the cluster that the gateway runs in.
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            return ReadCluster(value, at, findings, isListed: false) is { } cluster ? new KubernetesConfig([cluster]) : null;
        ImmutableArray<KubernetesClusterConfig>.Builder clusters = ImmutableArray.CreateBuilder<KubernetesClusterConfig>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            Location place = at.Item(clusters.Count);
            if (ReadCluster(item, place, findings, isListed: true) is not { } cluster)
                return null;
            if (cluster.Id is { } id && clusters.Any(known => known.Id == id))
                findings.Add(Phase.Own, place.Property("id"), $"{place.Property("id").Path}: there is another cluster {LuaText.Quote(id)}; give each an id of its own");
            clusters.Add(cluster);
        }

        return new KubernetesConfig(new EquatableArray<KubernetesClusterConfig>(clusters.ToImmutable()));
    }

    private static KubernetesClusterConfig? ReadCluster(JsonElement value, Location at, Findings findings, bool isListed)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;
        var config = new KubernetesClusterConfig();
        if (isListed)
        {
            foreach (string name in (ReadOnlySpan<string>)["id", "service", "client"])
                reader.Require(name);
            config = config with { Id = Matching(reader, "id", IdForm(), IdPattern) ?? "" };
        }

        config = ReadClient(reader, ReadService(reader, config, isListed), isListed);
        config = config with
        {
            Namespaces = ReadNamespaces(reader),
            LabelSelector = reader.Text("label_selector")?.Trim() is { Length: > 0 } selector ? selector : null,
            DefaultWeight = reader.Integer("default_weight", 0) ?? config.DefaultWeight,
            ReadsSlices = reader.Flag("watch_endpoint_slices") ?? config.ReadsSlices,
        };
        if (reader.TryGet("shared_size", out _))
            findings.Warn(at.Property("shared_size"), $"{at.Property("shared_size").Path} has no effect here: memory is not set apart");
        reader.ForbidOthers();
        return config;
    }

    private static KubernetesClusterConfig ReadService(ObjectReader cluster, KubernetesClusterConfig config, bool isListed)
    {
        if (cluster.Object("service") is not { } reader)
            return config;
        if (isListed)
        {
            reader.Require("host");
            reader.Require("port");
        }

        config = config with
        {
            Scheme = reader.Choice("schema", Schemes) ?? config.Scheme,
            Host = ReadHost(reader) ?? config.Host,
            Port = ReadPort(reader) ?? config.Port,
            VerifiesTls = reader.Flag("ssl_verify"),
            AuthoritiesFile = Matching(reader, "ca_file", FileForm(), FilePattern, 500),
        };
        if (config.AuthoritiesFile is not null && (config.Scheme == "http" || config.VerifiesTls == false))
        {
            string why = config.Scheme == "http" ? "with schema http" : "with ssl_verify false";
            reader.Findings.Add(Phase.Own, reader.At.Property("ca_file"), $"{reader.At.Property("ca_file").Path} has no effect {why}; leave one of them out");
        }

        reader.ForbidOthers();
        return config;
    }

    private static KubernetesClusterConfig ReadClient(ObjectReader cluster, KubernetesClusterConfig config, bool isListed)
    {
        if (cluster.Object("client") is not { } reader)
            return config;
        if (isListed && reader.Has("token") == reader.Has("token_file"))
        {
            string found = reader.Has("token") ? "matches both schemas 1 and 2" : "matches none";
            reader.Findings.Schema(reader.At, $"value should match only one schema, but {found} (give either token or token_file)");
        }

        string? token = reader.Text("token")?.Trim();
        string? file = Matching(reader, "token_file", FileForm(), FilePattern, 500);
        if (token is not null && !TokenForm().IsMatch(token) && !EnvironmentForm().IsMatch(token)) // the text is not repeated: it is secret
            reader.Findings.Schema(reader.At.Property("token"), "value should match only one schema, but matches none (allowed: up to 4096 of A-Z a-z 0-9 + / . _ = -, or ${NAME})");
        else if (token is { Length: 0 } && config.Scheme == "https")
            reader.Findings.Add(Phase.Own, reader.At.Property("token"), $"{reader.At.Property("token").Path} must not be empty with schema https");
        if (token is not null && file is not null && !isListed)
            reader.Findings.Warn(reader.At.Property("token_file"), $"{reader.At.Property("token_file").Path} has no effect beside token");
        reader.ForbidOthers();
        return config with { Token = token, TokenFile = token is not null ? null : file ?? config.TokenFile };
    }

    private static string? ReadHost(ObjectReader reader)
    {
        if (reader.Text("host") is not { } host)
            return null;
        bool isHost = EnvironmentForm().IsMatch(host) || HostNames.IsName(host) || HostNames.IsIPv6(host)
            || (host is ['[', .. string inner, ']'] && HostNames.IsIPv6(inner));
        if (!isHost)
            reader.Findings.Schema(reader.At.Property("host"), $"value should match only one schema, but matches none (given {LuaText.Quote(host)}; allowed: a host name, an address, or ${{NAME}})");
        return host;
    }

    // Text in APISIX, where it may name a variable; API7 writes numbers.
    private static string? ReadPort(ObjectReader reader)
    {
        if (!reader.TryGet("port", out JsonElement value))
            return null;
        Location at = reader.At.Property("port");
        if (value.ValueKind == JsonValueKind.Number)
            return JsonValues.Integer(value, at, reader.Findings, 1, 65535)?.ToString(CultureInfo.InvariantCulture);
        if (JsonValues.Text(value, at, reader.Findings) is not { } port)
            return null;
        bool isPort = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 65535;
        if (!isPort && !EnvironmentForm().IsMatch(port))
            reader.Findings.Schema(at, $"value should match only one schema, but matches none (given {LuaText.Quote(port)}; allowed: 1 to 65535, or ${{NAME}})");
        return port;
    }

    private static KubernetesNamespaceSelector? ReadNamespaces(ObjectReader cluster)
    {
        if (cluster.Object("namespace_selector") is not { } reader)
            return null;
        KubernetesNamespaceSelector? selector = null;
        int given = 0;
        foreach ((string name, KubernetesNamespaceMatch kind) in Selections)
        {
            given += reader.Has(name) ? 1 : 0;
            if (kind is KubernetesNamespaceMatch.Equal or KubernetesNamespaceMatch.NotEqual)
                selector = Matching(reader, name, NamespaceForm(), NamespacePattern) is { } only ? new KubernetesNamespaceSelector(kind, [only]) : selector;
            else if (reader.Items<string>(name, 1, unique: false, ReadPattern) is { } patterns)
                selector = new KubernetesNamespaceSelector(kind, new EquatableArray<string>(patterns));
        }

        if (given > 1)
            reader.Findings.Schema(reader.At, "value should match only one schema, but matches several (give one of equal, not_equal, match, not_match)");
        reader.ForbidOthers();
        return selector;
    }

    private static bool ReadPattern(JsonElement value, Location at, Findings findings, out string item)
    {
        item = JsonValues.Text(value, at, findings) ?? "";
        if (!NamespaceRegexForm().IsMatch(item))
        {
            JsonValues.MatchesNot(NamespaceRegexPattern, item, at, findings);
            return false;
        }

        try
        {
            _ = new Regex(item, RegexOptions.CultureInvariant);
            return true;
        }
        catch (RegexParseException e)
        {
            findings.Add(Phase.Own, at, $"{at.Path} is no regular expression: {LuaText.Clip(e.Message)}");
            return false;
        }
    }

    private static string? Matching(ObjectReader reader, string name, Regex form, string pattern, int max = int.MaxValue)
    {
        if (reader.Text(name, 1, max) is not { } text)
            return null;
        if (form.IsMatch(text))
            return text;
        JsonValues.MatchesNot(pattern, text, reader.At.Property(name), reader.Findings);
        return null;
    }

    [GeneratedRegex(@"^\$\{[A-Za-z_][A-Za-z0-9_]*\}\z")]
    private static partial Regex EnvironmentForm();

    [GeneratedRegex(@"^[A-Za-z0-9+/._=-]{0,4096}\z")]
    private static partial Regex TokenForm();

    [GeneratedRegex(@"^[a-z0-9]{1,64}\z")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9_.]*[a-z0-9])?\z")]
    private static partial Regex NamespaceForm();

    [GeneratedRegex(@"^[\x21-\x7e]*\z")]
    private static partial Regex NamespaceRegexForm();

    // Also ${NAME}, which has none of these characters.
    [GeneratedRegex("""^[^:*?"<>|\\]*\z""")]
    private static partial Regex FileForm();
}
