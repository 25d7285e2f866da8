using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>What the known fields of a response mean.</summary>
internal static class ResponseFields
{
    /// <summary>Takes in the field that was read last.</summary>
    internal static HeadFault? Take(ResponseHead head, KnownHeader known, ReadOnlySpan<byte> value, ref FieldFacts facts)
    {
        if (known != KnownHeader.Date)
            return FramingFields.Take(head, known, value, ref facts);
        head.HasDate = true;
        return null;
    }

    /// <summary>Draws the conclusions (RFC 9112 §6.3) once all fields are in and the head holds its bytes.</summary>
    internal static HeadFault? Conclude(ResponseHead head, HttpMethod request, in FieldFacts facts)
    {
        bool neverHasBody = head.Status is < 200 or 204;
        bool announcesBody = facts.Chunked || facts.ContentLength > 0;

        // RFC 9110 §8.6 forbids it. The final answer is expected behind an interim one: it would be read out of what the node thinks of as a body.
        if (announcesBody && head.Status < 200)
            return HeadFault.InterimBody;
        bool hasNoBody = neverHasBody || head.Status == 304 || request == HttpMethod.Head;
        if (facts.NamesFields)
            ConnectionField.MarkNamed(head);
        head.KeepAlive = !facts.Close && (head.VersionMinor == 1 || facts.KeepAlive);
        head.IsUpgrade = head.Status == 101 && facts.ConnectionUpgrade && facts.Upgrade >= 0
            && Ascii.EqualsIgnoreCase(head.Value(head.Fields[facts.Upgrade]), "websocket"u8);
        if (hasNoBody)
        {
            head.Framing = BodyFraming.None;
            head.ContentLength = neverHasBody ? -1 : facts.ContentLength;
            // A 204 that announces a body may be followed by one, against the same rule: nothing behind it can be trusted.
            head.KeepAlive &= !(neverHasBody && announcesBody);
            return null;
        }

        head.Framing = facts.Chunked ? BodyFraming.Chunked : facts.ContentLength >= 0 ? BodyFraming.Length : BodyFraming.UntilClose;
        head.ContentLength = facts.ContentLength;
        if (head.Framing == BodyFraming.UntilClose)
            head.KeepAlive = false;
        return null;
    }
}
