using System.Collections.Immutable;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>hosts</c>, and a route's <c>host</c>, into one list of lower-cased hosts.</summary>
internal static class HostsReader
{
    public static EquatableArray<string> Read(ObjectReader owner)
    {
        ImmutableArray<string> hosts = owner.Items<string>("hosts", 1, unique: true, ItemReaders.Host) ?? [];
        for (int i = 0; i < hosts.Length; i++)
            NotePort(owner, owner.At.Property("hosts").Item(i), hosts[i]);
        return new EquatableArray<string>([.. hosts.Select(host => host.ToLowerInvariant()).Distinct(StringComparer.Ordinal)]);
    }

    public static EquatableArray<string> ReadOneOrMany(ObjectReader owner)
    {
        string? host = owner.Host("host");
        if (host is not null)
            NotePort(owner, owner.At.Property("host"), host);

        EquatableArray<string> hosts = Read(owner);
        return host is null ? hosts : [host.ToLowerInvariant()];
    }

    private static void NotePort(ObjectReader owner, Location at, string host)
    {
        if (host.Contains(':', StringComparison.Ordinal) && !host.EndsWith(']'))
            owner.Findings.Warn(at, $"{at.Path} {LuaText.Quote(host)} matches nothing: requests are matched by their host without the port");
    }
}
