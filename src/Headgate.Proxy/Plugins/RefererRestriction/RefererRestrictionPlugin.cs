using System.Text;

namespace Headgate.Proxy.Plugins.RefererRestriction;

/// <summary>Compares the host in every Referer of the request with the lists, in either case: one that may call is enough, and so is one that may not.</summary>
internal sealed class RefererRestrictionPlugin(RefererRestrictionConfig config) : Plugin
{
    private readonly (byte[] Host, bool IsSuffix)[] _listed =
        [.. (config.Whitelist.Count > 0 ? config.Whitelist : config.Blacklist).Items.Select(static host => (Encoding.ASCII.GetBytes(host.TrimStart('*')), host.StartsWith('*')))];

    private readonly byte[] _refusal = JsonBodies.Message(config.Message);

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context) =>
        Passes(context.Forwarded) ? default : new(context.Answer(403, JsonBodies.ContentType, _refusal));

    private bool Passes(RequestEdits request)
    {
        int place = 0;
        bool isMissing = true;
        bool isWhite = config.Whitelist.Count > 0;
        while (request.TryGetNext("referer"u8, ref place, out ReadOnlySpan<byte> referer))
        {
            ReadOnlySpan<byte> host = HostOf(referer);
            if (host.IsEmpty)
                continue;
            isMissing = false;
            if (IsListed(host))
                return isWhite;
        }

        return isMissing ? config.BypassMissing : !isWhite;
    }

    private bool IsListed(ReadOnlySpan<byte> host)
    {
        foreach ((byte[] listed, bool isSuffix) in _listed)
        {
            ReadOnlySpan<byte> compared = isSuffix && host.Length > listed.Length ? host[^listed.Length..] : host;
            if (Ascii.EqualsIgnoreCase(compared, listed))
                return true;
        }

        return false;
    }

    /// <summary>The host of an http URL, or of one without scheme (<c>//a.test/b</c>); empty when it is none. What stands before an at sign is part of it, and so never listed.</summary>
    private static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> url)
    {
        if (url.StartsWith("http:"u8))
            url = url[5..];
        else if (url.StartsWith("https:"u8))
            url = url[6..];
        if (!url.StartsWith("//"u8))
            return default;
        url = url[2..];
        int end = url is [(byte)'[', ..] ? url.IndexOf((byte)']') + 1 : url.IndexOfAny("[]:/?"u8);
        return end < 0 ? url : url[..end];
    }
}
