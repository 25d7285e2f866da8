using System.Collections.Immutable;
using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads a route's <c>uri</c> or <c>uris</c> into one list of paths.</summary>
internal static class UrisReader
{
    private const int Max = 4096;

    public static EquatableArray<string> Read(ObjectReader route)
    {
        string? one = route.Text("uri", 1, Max);
        if (one is not null)
            Check(route, route.At.Property("uri"), one);

        ImmutableArray<string> many = route.Items<string>("uris", 1, unique: true, Item) ?? [];
        for (int i = 0; i < many.Length; i++)
            Check(route, route.At.Property("uris").Item(i), many[i]);
        return one is null ? new EquatableArray<string>(many) : [one];
    }

    private static bool Item(JsonElement value, Location at, Findings findings, out string item)
    {
        string? text = JsonValues.Text(value, at, findings, 0, Max);
        item = text ?? "";
        return text is not null;
    }

    private static void Check(ObjectReader route, Location at, string uri)
    {
        if (!uri.StartsWith('/') && !uri.StartsWith('*'))
            route.Findings.Add(Phase.Own, at, $"{at.Path} {LuaText.Quote(uri)} can never match: a path begins with / (or with the wildcard *)");
    }
}
