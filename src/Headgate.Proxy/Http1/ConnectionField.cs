using System.Text;

namespace Headgate.Proxy.Http1;

/// <summary>The Connection field (RFC 9110 §7.6.1).</summary>
internal static class ConnectionField
{
    /// <summary>More elements than any honest sender has; bounds the work of <see cref="MarkNamed"/>.</summary>
    internal const int ElementsMax = 32;

    /// <summary>Takes a Connection field in.</summary>
    internal static HeadFault? Read(ReadOnlySpan<byte> value, ref FieldFacts facts)
    {
        while (true)
        {
            ReadOnlySpan<byte> element = NextElement(ref value);
            if (element.IsEmpty && value.IsEmpty)
                return null;
            if (element.ContainsAnyExcept(ByteSets.Token))
                return HeadFault.ConnectionSyntax;
            if (++facts.ConnectionElements > ElementsMax)
                return HeadFault.ConnectionMany;
            if (Ascii.EqualsIgnoreCase(element, "close"u8))
                facts.Close = true;
            else if (Ascii.EqualsIgnoreCase(element, "keep-alive"u8))
                facts.KeepAlive = true;
            else if (Ascii.EqualsIgnoreCase(element, "upgrade"u8))
                facts.ConnectionUpgrade = true;
            else
                facts.NamesFields |= !element.IsEmpty;
        }
    }

    /// <summary>
    /// Marks the fields that the message's Connection fields name. Only fields without a meaning of their own here: a client must not be able to have
    /// Host, the framing or the addresses the gateway vouches for taken away.
    /// </summary>
    internal static void MarkNamed(MessageHead head)
    {
        foreach (ref readonly HeaderField field in head.Fields)
        {
            if (field.Known != KnownHeader.Connection)
                continue;
            ReadOnlySpan<byte> value = head.Value(field);
            while (true)
            {
                ReadOnlySpan<byte> element = NextElement(ref value);
                if (element.IsEmpty && value.IsEmpty)
                    break;
                Mark(head, element);
            }
        }
    }

    private static void Mark(MessageHead head, ReadOnlySpan<byte> name)
    {
        foreach (ref HeaderField field in head.MutableFields)
        {
            bool removable = field.Known is KnownHeader.Other or KnownHeader.Trailer or KnownHeader.Lookalike;
            if (removable && field.NameLength == name.Length && Ascii.EqualsIgnoreCase(head.Name(field), name))
                field.Known = KnownHeader.NamedByConnection;
        }
    }

    /// <summary>Cuts the first element off a list; an empty one may be an empty element as long as <paramref name="list"/> is not empty afterwards.</summary>
    private static ReadOnlySpan<byte> NextElement(ref ReadOnlySpan<byte> list)
    {
        int comma = list.IndexOf((byte)',');
        ReadOnlySpan<byte> element = comma < 0 ? list : list[..comma];
        list = comma < 0 ? default : list[(comma + 1)..];
        return element.Trim(" \t"u8);
    }
}
