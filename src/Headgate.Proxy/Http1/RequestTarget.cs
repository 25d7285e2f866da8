using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>
/// The forms of a request target (RFC 9112 §3.2). Works on a head that holds its bytes and whose <see cref="RequestHead.TargetStart"/> is set.
/// </summary>
internal static class RequestTarget
{
    /// <summary>Finds path and query, reduces an absolute form to origin-form, checks it against Host, and sets the path for matching.</summary>
    internal static HeadFault? Resolve(RequestHead head, int hostField)
    {
        ReadOnlySpan<byte> target = head.RequestUri;
        HeadFault? fault = hostField < 0 ? null : TakeHost(head, hostField);
        if (fault is not null)
            return fault;
        if (target[0] != '/')
        {
            if (target is [(byte)'*'])
            {
                (head.RawPathStart, head.RawPathLength) = (head.TargetStart, 1);
                return head.MethodKind == HttpMethod.Options ? null : HeadFault.TargetForm;
            }

            fault = ReduceAbsolute(head, target, hostField >= 0);
            if (fault is not null || head.RequestUri is [(byte)'*'])
                return fault;
        }

        return SplitPath(head);
    }

    /// <summary>Takes authority and host from the Host field.</summary>
    private static HeadFault? TakeHost(RequestHead head, int hostField)
    {
        ref readonly HeaderField field = ref head.Fields[hostField];
        return SetAuthority(head, field.ValueStart, field.ValueLength) ? null : HeadFault.HostSyntax;
    }

    private static bool SetAuthority(RequestHead head, int start, int length)
    {
        ReadOnlySpan<byte> text = head.Slice(start, length);
        if (!HostValue.TryParse(text, out int hostLength, out int port))
            return false;
        (head.AuthorityStart, head.AuthorityLength, head.HostPort) = (start, length, port);
        Ascii.ToLower(text[..hostLength], head.HostBuffer(hostLength), out _);
        head.SetHostLength(hostLength);
        return true;
    }

    private static HeadFault? ReduceAbsolute(RequestHead head, ReadOnlySpan<byte> target, bool hasHost)
    {
        int schemeLength = StartsWith(target, "http://"u8) ? 7 : StartsWith(target, "https://"u8) ? 8 : 0;
        if (schemeLength == 0)
            return HeadFault.TargetForm;
        ReadOnlySpan<byte> rest = target[schemeLength..];
        int authorityLength = rest.IndexOfAny((byte)'/', (byte)'?');
        if (authorityLength < 0)
            authorityLength = rest.Length;
        ReadOnlySpan<byte> authority = rest[..authorityLength];
        if (!HostValue.TryParse(authority, out int hostLength, out int port))
            return HeadFault.TargetAuthority;
        int start = head.TargetStart + schemeLength;
        if (hasHost)
        {
            // RFC 9112 §3.2.2 lets the target win; whoever sends two hosts wants two readers to disagree.
            int standard = schemeLength == 7 ? 80 : 443;
            bool samePort = (port < 0 ? standard : port) == (head.HostPort < 0 ? standard : head.HostPort);
            if (!samePort || !Ascii.EqualsIgnoreCase(authority[..hostLength], head.Host))
                return HeadFault.HostDiffers;
        }
        else
        {
            SetAuthority(head, start, authorityLength);
        }

        if (authorityLength < rest.Length && rest[authorityLength] == '/')
            (head.TargetStart, head.TargetLength) = (start + authorityLength, rest.Length - authorityLength);
        else if (authorityLength == rest.Length && head.MethodKind == HttpMethod.Options)
            SetTarget(head, "*"u8, default);
        else
            SetTarget(head, "/"u8, rest[authorityLength..]);
        return null;
    }

    /// <summary>A target that was not sent like this: "*" for OPTIONS of a whole server (RFC 9112 §3.2.4), or an empty path made "/".</summary>
    private static void SetTarget(RequestHead head, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        head.TargetStart = head.Append(first, second);
        head.TargetLength = first.Length + second.Length;
        (head.RawPathStart, head.RawPathLength) = (head.TargetStart, 1);
    }

    private static HeadFault? SplitPath(RequestHead head)
    {
        ReadOnlySpan<byte> target = head.RequestUri;
        int mark = target.IndexOf((byte)'?');
        int pathLength = mark < 0 ? target.Length : mark;
        (head.RawPathStart, head.RawPathLength) = (head.TargetStart, pathLength);
        (head.QueryStart, head.QueryLength) = mark < 0 ? (0, 0) : (head.TargetStart + mark + 1, target.Length - mark - 1);
        ReadOnlySpan<byte> path = target[..pathLength];
        if (PathNormalizer.IsNormal(path))
        {
            head.SetRawPath();
            return null;
        }

        HeadFault? fault = PathNormalizer.Normalize(path, head.DecodedPathBuffer(pathLength), out int length);
        head.SetDecodedPath(length);
        return fault;
    }

    private static bool StartsWith(ReadOnlySpan<byte> target, ReadOnlySpan<byte> lowerScheme) =>
        target.Length > lowerScheme.Length && Ascii.EqualsIgnoreCase(target[..lowerScheme.Length], lowerScheme);
}
