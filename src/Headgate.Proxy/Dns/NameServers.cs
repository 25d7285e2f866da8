using System.Net;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Dns;

/// <summary>Whom to ask, in which order, for how long: what <c>resolv.conf</c> says.</summary>
internal sealed record NameServers
{
    /// <summary>What holds where no file says otherwise: a name server on this machine, as glibc does it.</summary>
    public static NameServers Default { get; } = new();

    /// <summary>The servers, at least one.</summary>
    public EquatableArray<IPEndPoint> Servers { get; init; } = [new(IPAddress.Loopback, 53)];

    /// <summary>Domains that names with few dots are looked for in.</summary>
    public EquatableArray<string> Search { get; init; } = [];

    /// <summary>A name with at least as many dots is first asked for as it is; 0 to 15.</summary>
    public int Dots { get; init; } = 1;

    /// <summary>How long one server may take, before a shorter bound applies. c-ares has 2 s, too; glibc has 5.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often each server is asked; 1 to 5.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Whether the servers take turns in being asked first.</summary>
    public bool Rotates { get; init; }
}
