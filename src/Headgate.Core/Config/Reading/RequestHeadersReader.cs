using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>request_headers</c>, in the shape of <c>headers</c> of APISIX's proxy-rewrite.</summary>
internal static class RequestHeadersReader
{
    /// <summary>Fields in all at most, and characters of a value: a head that the gateway makes must not be what a node refuses.</summary>
    private const int FieldsMax = 64;

    private const int ValueMax = 4096;

    /// <summary>Null when there is none, or none that changes anything.</summary>
    public static RequestHeadersConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("request_headers") is not { } reader)
            return null;

        var seen = new Dictionary<string, Location>(StringComparer.OrdinalIgnoreCase);
        EquatableArray<HeaderConfig> set = ReadFields(reader, "set", seen);
        EquatableArray<HeaderConfig> add = ReadFields(reader, "add", seen);
        ImmutableArray<string> remove = reader.Items<string>("remove", 1, unique: false, ItemReaders.Text) ?? [];
        for (int i = 0; i < remove.Length; i++)
            CheckName(reader.Findings, reader.At.Property("remove").Item(i), remove[i], seen);
        reader.ForbidOthers();
        if (set.Count + add.Count + remove.Length > FieldsMax)
            reader.Findings.Add(Phase.Own, reader.At, $"{reader.At.Path} names {set.Count + add.Count + remove.Length} fields; {FieldsMax} are allowed");
        return set.Count + add.Count + remove.Length == 0 ? null : new RequestHeadersConfig(set, add, new EquatableArray<string>(remove));
    }

    private static EquatableArray<HeaderConfig> ReadFields(ObjectReader parent, string member, Dictionary<string, Location> seen)
    {
        if (!parent.TryGet(member, out JsonElement value))
            return [];
        Location at = parent.At.Property(member);
        if (ObjectReader.Open(value, at, parent.Findings) is null || value.ValueKind != JsonValueKind.Object)
            return [];

        ImmutableArray<HeaderConfig>.Builder fields = ImmutableArray.CreateBuilder<HeaderConfig>();
        foreach (JsonProperty field in value.EnumerateObject())
        {
            Location place = at.Key(field.Name);
            if (!CheckName(parent.Findings, place, field.Name, seen) || JsonValues.Text(field.Value, place, parent.Findings, 0, ValueMax) is not { } text)
                continue;
            if (!HeaderTexts.IsValue(text))
                parent.Findings.Add(Phase.Own, place, $"{place.Path}: the value has a control character or white space around it, which a header field cannot have");
            if (text.Contains('$', StringComparison.Ordinal))
                parent.Findings.Warn(place, $"{place.Path} is sent as it is written: variables are not replaced");
            fields.Add(new HeaderConfig(field.Name, text));
        }

        return new EquatableArray<HeaderConfig>(fields.DrainToImmutable());
    }

    private static bool CheckName(Findings findings, Location at, string name, Dictionary<string, Location> seen)
    {
        string? problem = name switch
        {
            _ when name.Length > 256 || !HeaderTexts.IsToken(name) => $"{LuaText.Quote(name)} is no header name; allowed: 1 to 256 letters, digits and !#$%&'*+-.^_`|~",
            _ when HeaderTexts.IsGateways(name) => $"{name} is written by the gateway itself, from the request and the connection (Host: pass_host), and cannot be changed here",
            _ when !seen.TryAdd(name.Replace('_', '-'), at) => $"{name} is named already, at {seen[name.Replace('_', '-')].Path}; name a field once",
            _ => null,
        };
        if (problem is not null)
            findings.Add(Phase.Own, at, $"{at.Path}: {problem}");
        return problem is null;
    }
}
