using System.Net;
using Headgate.Control.AdminApi;
using Headgate.Core.Primitives;

namespace Headgate.Settings;

/// <summary>The Admin API.</summary>
internal sealed record AdminSettings
{
    /// <summary>Whether it is served.</summary>
    public bool Enable { get; init; } = true;

    /// <summary>Where it is served.</summary>
    public ListenSettings Listen { get; init; } = new(IPAddress.Any, 9180);

    /// <summary>HTTPS in place of clear text.</summary>
    public AdminTlsSettings Tls { get; init; } = new();

    /// <summary>Keys that are let in; an empty list counts as one entry <c>admin</c> whose key is generated.</summary>
    public EquatableArray<AdminKeySettings> Keys { get; init; } = [new("admin", null, AdminRole.Admin)];

    /// <summary>Whether a key is asked for at all.</summary>
    public bool KeyRequired { get; init; } = true;

    /// <summary>Peer addresses that are let in; empty = all.</summary>
    public EquatableArray<IPNetwork> AllowAdmin { get; init; } = [new(IPAddress.Parse("127.0.0.0"), 24)];
}
