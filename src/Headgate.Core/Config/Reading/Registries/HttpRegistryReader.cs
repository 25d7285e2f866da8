using System.Text.Json;
using Headgate.Core.Config.Registries;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads how a registry of type <c>http</c> is asked.</summary>
internal static class HttpRegistryReader
{
    private const int UrlMax = 2048;

    public static HttpRegistryConfig? Read(JsonElement value, Location at, Findings findings)
    {
        if (ObjectReader.Open(value, at, findings) is not { } reader)
            return null;
        reader.Require("url");
        var config = new HttpRegistryConfig { Url = reader.Text("url", 1, UrlMax) ?? "" };
        CheckUrl(reader, config.Url);
        config = config with
        {
            FetchInterval = RegistryFields.FetchInterval(reader) ?? config.FetchInterval,
            Timeout = reader.Duration("timeout", aboveZero: true) ?? config.Timeout,
            DefaultWeight = reader.Integer("default_weight", 0) ?? config.DefaultWeight,
            Headers = ReadHeaders(reader),
            VerifiesTls = reader.Flag("ssl_verify") ?? config.VerifiesTls,
            AuthoritiesPem = RegistryFields.Authorities(reader),
        };
        if (!config.VerifiesTls && config.AuthoritiesPem is not null)
            findings.Add(Phase.Own, reader.At.Property("ca_certs"), $"{reader.At.Property("ca_certs").Path} has no effect with ssl_verify false; leave one of them out");
        config = ReadAuthentication(reader, config);
        reader.ForbidOthers();
        return config.Url.Length == 0 ? null : config;
    }

    private static void CheckUrl(ObjectReader reader, string text)
    {
        if (text.Length == 0)
            return;
        Location at = reader.At.Property("url");
        string example = text.Replace(HttpRegistryConfig.ServicePlace, "x", StringComparison.Ordinal);
        if (!Uri.TryCreate(example, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Fragment.Length > 0 || example.Contains('{') || example.Contains('}'))
            reader.Findings.Schema(at, "it is no URL to ask (allowed: http://HOST:PORT/PATH or https, with {service} in path or query for the name of the service)");
        else if (url.UserInfo.Length > 0)
            reader.Findings.Add(Phase.Own, at, $"{at.Path} holds user information; give it in auth.username and auth.password");
        else if (text.IndexOf(HttpRegistryConfig.ServicePlace, StringComparison.Ordinal) is var place and >= 0 && place < text.IndexOf('/', text.IndexOf("//", StringComparison.Ordinal) + 2))
            reader.Findings.Schema(at, "{service} stands in its host (allowed: in path or query)");
    }

    private static EquatableArray<MetadataEntry> ReadHeaders(ObjectReader reader)
    {
        if (!reader.TryGet("headers", out JsonElement value) || ObjectReader.Open(value, reader.At.Property("headers"), reader.Findings) is null || value.ValueKind != JsonValueKind.Object)
            return [];
        var headers = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            Location at = reader.At.Property("headers").Property(member.Name);
            if (JsonValues.Text(member.Value, at, reader.Findings) is not { } text)
                continue;
            if (!HeaderTexts.IsToken(member.Name) || !HeaderTexts.IsValue(text))
                reader.Findings.Add(Phase.Own, at, $"{at.Path} is no header field (its name: letters, digits and !#$%&'*+-.^_`|~; its value: no line ends or other control characters)");
            else if (member.Name.StartsWith("content-", StringComparison.OrdinalIgnoreCase) || (HeaderTexts.IsGateways(member.Name) && !member.Name.Equals("host", StringComparison.OrdinalIgnoreCase)))
                reader.Findings.Add(Phase.Own, at, $"{at.Path} is a field that the gateway writes itself, or that a question has none of; leave it out");
            else
                headers[member.Name] = text;
        }

        return [.. headers.Select(static header => new MetadataEntry(header.Key, header.Value))];
    }

    private static HttpRegistryConfig ReadAuthentication(ObjectReader reader, HttpRegistryConfig config)
    {
        if (RegistryFields.Login(reader) is not var (user, password))
            return config;
        (Location auth, Location header) = (reader.At.Property("auth"), reader.At.Property("headers").Property("Authorization"));
        if (config.Headers.Any(static header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)))
            reader.Findings.Add(Phase.Own, auth, $"{auth.Path} and {header.Path} both say who asks; leave one of them out");
        return config with { User = user, Password = password };
    }
}
