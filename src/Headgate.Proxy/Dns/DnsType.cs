namespace Headgate.Proxy.Dns;

/// <summary>Types of records that the resolver knows (RFC 1035 §3.2.2, 3596, 2782, 6891); others are passed over.</summary>
internal enum DnsType : ushort
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A name server of a zone.</summary>
    Ns = 2,

    /// <summary>The name that this one is an alias of.</summary>
    Cname = 5,

    /// <summary>The head of a zone; in a negative answer it says how long that counts.</summary>
    Soa = 6,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,

    /// <summary>Host, port, priority and weight of a service.</summary>
    Srv = 33,

    /// <summary>No record: what either side can do (EDNS).</summary>
    Opt = 41,
}
