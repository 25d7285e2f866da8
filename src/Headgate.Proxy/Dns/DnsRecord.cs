namespace Headgate.Proxy.Dns;

/// <summary>A record of a class and type that the resolver knows.</summary>
/// <param name="Owner">The name it is of.</param>
/// <param name="TtlSeconds">How long it counts, 0 to 2^31 − 1.</param>
internal abstract record DnsRecord(string Owner, int TtlSeconds)
{
    /// <summary>Its type.</summary>
    public abstract DnsType Type { get; }
}
