using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>What the known fields of a response mean.</summary>
internal static class ResponseFields
{
    /// <summary>Takes the field that was read last in.</summary>
    internal static HeadFault? Read(ReadOnlySpan<byte> bytes, ResponseHead head, ref FieldFacts facts)
    {
        int index = head.FieldCount - 1;
        ref readonly HeaderField field = ref head.Fields[index];
        if (field.Known == KnownHeader.Other)
            return null;
        ReadOnlySpan<byte> value = bytes.Slice(field.ValueStart, field.ValueLength);
        switch (field.Known)
        {
            case KnownHeader.ContentLength:
                return FramingFields.ContentLength(value, ref facts);
            case KnownHeader.TransferEncoding:
                return FramingFields.TransferEncoding(value, head.VersionMinor, ref facts);
            case KnownHeader.Connection:
                return ConnectionField.Read(value, ref facts);
            case KnownHeader.Upgrade:
                facts.Upgrade = facts.Upgrade == -1 ? index : -2;
                return null;
            case KnownHeader.Date:
                head.HasDate = true;
                return null;
            default:
                return null;
        }
    }

    /// <summary>Draws the conclusions (RFC 9112 §6.3) once all fields are in and the head holds its bytes.</summary>
    internal static void Conclude(ResponseHead head, HttpMethod request, in FieldFacts facts)
    {
        bool neverHasBody = head.Status is < 200 or 204;
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
            // A 1xx or 204 that announces a body may be followed by one: nothing behind it can be trusted (RFC 9110 §8.6 forbids the announcement).
            if (neverHasBody && (facts.Chunked || facts.ContentLength > 0))
                head.KeepAlive = false;
            return;
        }

        head.Framing = facts.Chunked ? BodyFraming.Chunked : facts.ContentLength >= 0 ? BodyFraming.Length : BodyFraming.UntilClose;
        head.ContentLength = facts.ContentLength;
        if (head.Framing == BodyFraming.UntilClose)
            head.KeepAlive = false;
    }
}
