using System.Globalization;
using Headgate.Core.Config.Reading;

namespace Headgate.Core.Config;

/// <summary>The node that an override is about, by which it is found in the store.</summary>
/// <param name="Owner">Key of the object that holds the upstream: <c>upstreams/1</c>, <c>routes/7</c>.</param>
/// <param name="Host">Host as written, lower-cased; an IPv6 address in brackets.</param>
/// <param name="Port">Effective port, 1 to 65535.</param>
public readonly record struct OverrideTarget(string Owner, string Host, int Port)
{
    /// <summary><c>upstreams/1/127.0.0.1:8080</c>: the id of its override.</summary>
    public string Id => $"{Owner}/{Address}";

    /// <summary><c>127.0.0.1:8080</c>.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Store key of its override.</summary>
    public string Key => ResourceKind.Override.Key(Id);

    /// <summary>What the keys of all overrides of an owner begin with.</summary>
    public static string KeysOf(string owner) => ResourceKind.Override.Key(owner + "/");

    /// <summary>Takes an <see cref="Id"/> apart; false when it is none, or not in the one form that names its node: two keys of the store never mean the same.</summary>
    public static bool TryParse(string id, out OverrideTarget target)
    {
        int end = id.LastIndexOf('/');
        target = default;
        return end > 0 && TryParse(id[..end], id[(end + 1)..], out target) && target.Id == id;
    }

    /// <summary>Takes <c>host:port</c> apart; false when that, or the owner, is none.</summary>
    /// <param name="owner">As <see cref="Owner"/>.</param>
    /// <param name="address">As <see cref="Address"/>; letters may have any case.</param>
    /// <param name="target">The node.</param>
    public static bool TryParse(string owner, string address, out OverrideTarget target)
    {
        target = default;
        int colon = address.LastIndexOf(':');
        if (!IsOwner(owner) || colon < 1 || !IsHost(address[..colon])
            || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            return false;
        }

        target = new OverrideTarget(owner, address[..colon].ToLowerInvariant(), port);
        return true;
    }

    private static bool IsOwner(string owner) =>
        owner.Split('/') is [var plural, { Length: > 0 }] && ResourceKinds.UpstreamOwners.Any(kind => kind.Plural() == plural);

    private static bool IsHost(string host) =>
        HostNames.IsName(host) || (host.Length > 2 && host[0] == '[' && host[^1] == ']' && HostNames.IsIPv6(host.AsSpan(1, host.Length - 2)));
}
