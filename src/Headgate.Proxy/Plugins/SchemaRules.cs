using System.Text;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins;

/// <summary>Rules that configurations of several plugins have, in APISIX's words.</summary>
internal static class SchemaRules
{
    /// <summary>What plugins read of a request's body unless they are told otherwise: 64 MiB. Source: APISIX.</summary>
    public const int BodyBytesMaxDefault = 67_108_864;

    /// <summary>Exactly one of the members must be there.</summary>
    public static void RequireOneOf(ObjectReader reader, params ReadOnlySpan<string> names)
    {
        int first = -1, count = 0;
        for (int i = 0; i < names.Length; i++)
        {
            if (!reader.Has(names[i]))
                continue;
            count++;
            if (count == 1)
                first = i;
            else if (count == 2)
                reader.Findings.Schema(reader.At, $"value should match only one schema, but matches both schemas {first + 1} and {i + 1}");
        }

        if (count == 0)
            reader.Findings.Schema(reader.At, "value should match only one schema, but matches none");
    }

    /// <summary>Refuses the configuration for something that its schema does not say.</summary>
    public static void Refuse(ObjectReader reader, string problem) => reader.Findings.Schema(reader.At, problem);

    /// <summary>A list of patterns, at least one where it is there, each 1 to 4096 characters; those that are no regular expression are refused.</summary>
    public static EquatableArray<string> Patterns(ObjectReader reader, string name, bool unique)
    {
        var patterns = new EquatableArray<string>(reader.Items<string>(name, 1, unique, ReadPattern) ?? []);
        foreach (string pattern in patterns)
        {
            if (BytePattern.Create(pattern, ignoreCase: false, out string? error) is null)
                Refuse(reader, $"{name}: {error}");
        }

        return patterns;
    }

    /// <summary>A URL of a server; null when it is absent or refused.</summary>
    public static Uri? HttpUrl(ObjectReader reader, string name)
    {
        string? text = reader.Text(name, 1, 4096);
        if (text is null || (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"))
            return text is null ? null : new Uri(text);
        reader.Findings.Schema(reader.At.Property(name), $"\"{text}\" is no URL; allowed: http://host:port/path, https://host:port/path");
        return null;
    }

    /// <summary>Name of a header field; null when it is absent or refused.</summary>
    public static string? FieldName(ObjectReader reader, string name)
    {
        if (reader.Text(name, 1, 256) is not { } field)
            return null;
        if (Ascii.IsValid(field) && !Encoding.ASCII.GetBytes(field).AsSpan().ContainsAnyExcept(ByteSets.Token))
            return field;
        Refuse(reader, $"{name}: \"{field}\" is no name of a header field (letters, digits and !#$%&'*+-.^_`|~)");
        return null;
    }

    /// <summary>Notes the variables of a template that are never anything but empty.</summary>
    public static void WarnUnknownVariables(ObjectReader reader, string name, RequestTemplate template)
    {
        Location at = reader.At.Property(name);
        foreach (string variable in template.UnknownVariables.Distinct())
            reader.Findings.Warn(at, $"{at.Path}: ${variable} is not known here and stays empty");
    }

    /// <summary>
    /// Bytes that a request's body may have which the plugin reads whole; null when it reads none. <paramref name="reads"/>: whether it does, else <paramref name="otherwise"/> says why a
    /// limit has no effect, which is warned about.
    /// </summary>
    public static int? BodyBytesMax(ObjectReader reader, bool reads, string otherwise)
    {
        const string name = "max_req_body_size";
        int? bytesMax = reader.Integer(name, 1);
        if (reads)
            return bytesMax ?? BodyBytesMaxDefault;
        if (bytesMax is not null)
            reader.Findings.Warn(reader.At.Property(name), $"{name} has no effect with {otherwise}: no body is read");
        return null;
    }

    private static bool ReadPattern(JsonElement value, Location at, Findings findings, out string item)
    {
        string? read = JsonValues.Text(value, at, findings, 1, 4096);
        item = read ?? "";
        return read is not null;
    }
}
