using System.Text;

namespace Headgate.Core.Routing;

/// <summary>A host of a route as a key of the host tree: read from its end, so that <c>*.a.test</c> is a prefix.</summary>
/// <param name="Key">UTF-8 bytes, lower-cased, in reverse; without the asterisk.</param>
/// <param name="IsPrefix">Whether more may come in front: the host began with <c>*</c>.</param>
internal readonly record struct HostPattern(byte[] Key, bool IsPrefix)
{
    /// <summary>Reads a host as written; only a leading <c>*</c> is a wildcard.</summary>
    public static HostPattern Parse(string host)
    {
        bool isPrefix = host.StartsWith('*');
        byte[] key = Encoding.UTF8.GetBytes(host[(isPrefix ? 1 : 0)..].ToLowerInvariant());
        Array.Reverse(key);
        return new(key, isPrefix);
    }
}
