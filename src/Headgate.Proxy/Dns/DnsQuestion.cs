namespace Headgate.Proxy.Dns;

/// <summary>What is asked.</summary>
/// <param name="Name">As <see cref="DnsName"/> has it; absolute.</param>
/// <param name="Type">Type of the records.</param>
internal readonly record struct DnsQuestion(string Name, DnsType Type)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Type.ToString().ToUpperInvariant()}";
}
