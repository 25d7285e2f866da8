using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>What the known fields of a request mean.</summary>
internal static class RequestFields
{
    /// <summary>Takes in the field that was read last. A fault of a field is found as soon as its line is whole.</summary>
    internal static HeadFault? Take(RequestHead head, KnownHeader known, ReadOnlySpan<byte> value, ref FieldFacts facts)
    {
        switch (known)
        {
            case KnownHeader.Host when facts.Host >= 0:
                return HeadFault.HostSeveral;
            case KnownHeader.Host:
                facts.Host = head.FieldCount - 1;
                return null;
            case KnownHeader.Te:
                head.AcceptsTrailers |= ListsTrailers(value);
                return null;
            case KnownHeader.Expect when Ascii.EqualsIgnoreCase(value, "100-continue"u8):
                facts.ExpectContinue = true;
                return null;
            case KnownHeader.Expect:
                return HeadFault.Expectation;
            default:
                return FramingFields.Take(head, known, value, ref facts);
        }
    }

    /// <summary>Draws the conclusions once all fields are in and the head holds its bytes.</summary>
    internal static HeadFault? Conclude(RequestHead head, in FieldFacts facts)
    {
        if (facts.Host < 0 && head.VersionMinor == 1)
            return HeadFault.HostMissing;
        head.KeepAlive = !facts.Close && (head.VersionMinor == 1 || facts.KeepAlive);
        head.Framing = facts.Chunked ? BodyFraming.Chunked : facts.ContentLength >= 0 ? BodyFraming.Length : BodyFraming.None;
        head.ContentLength = facts.ContentLength;
        bool hasBody = facts.Chunked || facts.ContentLength > 0;
        // RFC 9110 §10.1.1: to be ignored in HTTP/1.0, and of no use without a body.
        head.ExpectContinue = facts.ExpectContinue && hasBody && head.VersionMinor == 1;
        head.IsWebSocketUpgrade = facts.Upgrade >= 0 && facts.ConnectionUpgrade && !hasBody && head.VersionMinor == 1
            && head.MethodKind == HttpMethod.Get && Ascii.EqualsIgnoreCase(head.Value(head.Fields[facts.Upgrade]), "websocket"u8);
        if (facts.NamesFields)
            ConnectionField.MarkNamed(head);
        return RequestTarget.Resolve(head, facts.Host);
    }

    /// <summary>Whether a TE field has the element "trailers" (RFC 9110 §10.1.4).</summary>
    private static bool ListsTrailers(ReadOnlySpan<byte> value)
    {
        foreach (Range part in value.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(value[part].Trim(" \t"u8), "trailers"u8))
                return true;
        }

        return false;
    }
}
