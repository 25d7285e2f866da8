using System.Text;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>Writes what nodes are told of a token, and takes out what a client may have written in its place. Immutable, thread-safe; allocates nothing in the long run.</summary>
internal sealed class NodeFields(OpenIdConnectConfig config)
{
    private readonly byte[]? _tokenField = config.TokenField is { } name ? Encoding.ASCII.GetBytes(name) : null;
    private readonly bool _hasScheme = config.TokenField == "Authorization";

    /// <summary>Tells the node. <paramref name="token"/>: a JWT, not in the request's own memory.</summary>
    public void Write(RequestEdits node, ReadOnlySpan<byte> token)
    {
        node.Remove("x-access-token"u8);
        node.Remove("x-userinfo"u8);
        node.Remove("x-id-token"u8);
        node.Remove("x-refresh-token"u8);
        node.Remove("x-raw-id-token"u8);
        if (_tokenField is not null)
            WriteToken(node, token);
        if (config.ShowsUserinfo)
            WriteUserinfo(node, token);
    }

    private void WriteToken(RequestEdits node, ReadOnlySpan<byte> token)
    {
        ReadOnlySpan<byte> scheme = _hasScheme ? "Bearer "u8 : default;
        Span<byte> value = stackalloc byte[scheme.Length + token.Length];
        scheme.CopyTo(value);
        token.CopyTo(value[scheme.Length..]);
        node.Set(_tokenField, value);
    }

    /// <summary>The claims are base64url in the token, and base64 in the field.</summary>
    private static void WriteUserinfo(RequestEdits node, ReadOnlySpan<byte> token)
    {
        ReadOnlySpan<byte> claims = token[(token.IndexOf((byte)'.') + 1)..token.LastIndexOf((byte)'.')];
        Span<byte> value = stackalloc byte[(claims.Length + 3) / 4 * 4];
        claims.CopyTo(value);
        value[claims.Length..].Fill((byte)'=');
        value.Replace((byte)'-', (byte)'+');
        value.Replace((byte)'_', (byte)'/');
        node.Set("x-userinfo"u8, value);
    }
}
