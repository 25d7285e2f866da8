using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>
/// The fields that mean the same in both directions: framing (RFC 9112 §6) and the connection. Where the RFC lets a recipient choose between repairing and
/// refusing, this refuses: two readers that repair differently are what request smuggling lives on.
/// </summary>
internal static class FramingFields
{
    /// <summary>Takes in the field that was read last; null also for one that means nothing here.</summary>
    internal static HeadFault? Take(MessageHead head, KnownHeader known, ReadOnlySpan<byte> value, ref FieldFacts facts)
    {
        switch (known)
        {
            case KnownHeader.ContentLength:
                return ContentLength(value, ref facts);
            case KnownHeader.TransferEncoding:
                return TransferEncoding(value, head.VersionMinor, ref facts);
            case KnownHeader.Connection:
                return ConnectionField.Read(value, ref facts);
            case KnownHeader.Upgrade:
                facts.Upgrade = facts.Upgrade == -1 ? head.FieldCount - 1 : -2;
                return null;
            default:
                return null;
        }
    }

    private static HeadFault? ContentLength(ReadOnlySpan<byte> value, ref FieldFacts facts)
    {
        if (facts.ContentLength >= 0)
            return HeadFault.LengthSeveral;
        if (facts.Chunked)
            return HeadFault.LengthAndCoding;
        return TryParse(value, out facts.ContentLength) ? null : HeadFault.LengthSyntax;
    }

    private static HeadFault? TransferEncoding(ReadOnlySpan<byte> value, int versionMinor, ref FieldFacts facts)
    {
        if (facts.Chunked)
            return HeadFault.CodingSeveral;
        if (facts.ContentLength >= 0)
            return HeadFault.LengthAndCoding;
        if (versionMinor == 0)
            return HeadFault.CodingVersion;
        if (!Ascii.EqualsIgnoreCase(value, "chunked"u8))
            return OtherCoding(value);
        facts.Chunked = true;
        return null;
    }

    /// <summary>1 to 19 digits below 2^63; false leaves −1.</summary>
    private static bool TryParse(ReadOnlySpan<byte> digits, out long number)
    {
        number = -1;
        if (digits.Length is 0 or > 19 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        ulong sum = 0;
        foreach (byte digit in digits)
            sum = (sum * 10) + (uint)(digit - '0');
        if (sum > long.MaxValue)
            return false;
        number = (long)sum;
        return true;
    }

    /// <summary>A coding we know in a wrong place is a broken message (400); a coding we do not know is one we do not implement (501).</summary>
    private static HeadFault OtherCoding(ReadOnlySpan<byte> value)
    {
        bool unknown = false;
        foreach (Range part in value.Split((byte)','))
        {
            ReadOnlySpan<byte> coding = value[part].Trim(" \t"u8);
            int end = coding.IndexOfAnyExcept(ByteSets.Token);
            ReadOnlySpan<byte> name = end < 0 ? coding : coding[..end];
            if (name.IsEmpty || (end >= 0 && coding[end] is not ((byte)';' or (byte)' ' or (byte)'\t')))
                return HeadFault.CodingSyntax;
            if (Ascii.EqualsIgnoreCase(name, "identity"u8))
                return HeadFault.CodingSyntax;
            unknown |= !Ascii.EqualsIgnoreCase(name, "chunked"u8);
        }

        return unknown ? HeadFault.CodingUnknown : HeadFault.CodingSyntax;
    }
}
