using System.Globalization;
using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Makes the heads that are kept: without what belongs to one message or one connection (RFC 9111 §3.1).</summary>
internal static class StoredHead
{
    /// <summary>The head of an answer; <paramref name="now"/>: its date where it has none.</summary>
    public static ResponseHead Of(ResponseHead answer, bool keepsSetCookie, DateTimeOffset now) => Make(answer, null, keepsSetCookie, now);

    /// <summary>A kept head with what a 304 says anew (RFC 9111 §3.2): all but what describes the body.</summary>
    public static ResponseHead Updated(ResponseHead kept, ResponseHead notModified, bool keepsSetCookie, DateTimeOffset now) => Make(kept, notModified, keepsSetCookie, now);

    /// <summary>Whether the field describes the body as it was sent, which a 304 has no say in.</summary>
    public static bool IsOfBody(ReadOnlySpan<byte> name) => name.Length > 8 && Ascii.EqualsIgnoreCase(name[..8], "content-"u8) && !Ascii.EqualsIgnoreCase(name, "content-location"u8);

    private static ResponseHead Make(ResponseHead first, ResponseHead? updates, bool keepsSetCookie, DateTimeOffset now)
    {
        var bytes = new ByteBuilder(stackalloc byte[2048]);
        var fields = new List<HeaderField>(first.FieldCount + 1);
        bytes.Add("HTTP/1.1 "u8);
        bytes.Add(Encoding.ASCII.GetBytes(first.Status.ToString(CultureInfo.InvariantCulture)));
        bytes.Add(" "u8);
        int reason = bytes.Length;
        bytes.Add(first.Reason);
        bytes.Add("\r\n"u8);
        int start = bytes.Length;
        foreach (ref readonly HeaderField field in first.Fields)
        {
            ReadOnlySpan<byte> name = first.Name(field);
            if (IsKept(field, name, keepsSetCookie) && (updates is null || IsOfBody(name) || (field.Known != KnownHeader.Date && !updates.TryGet(name, out _))))
                Add(name, first.Value(field), field.Known, ref bytes, fields);
        }

        foreach (ref readonly HeaderField field in updates is null ? default : updates.Fields)
        {
            ReadOnlySpan<byte> name = updates!.Name(field);
            if (IsKept(field, name, keepsSetCookie) && !IsOfBody(name))
                Add(name, updates.Value(field), field.Known, ref bytes, fields);
        }

        if (!(updates ?? first).HasDate)
            Add("Date"u8, Encoding.ASCII.GetBytes(now.ToString("R", CultureInfo.InvariantCulture)), KnownHeader.Date, ref bytes, fields);
        bytes.Add("\r\n"u8);
        var made = new ResponseHead();
        made.Set(first.Status, bytes.Bytes, reason, first.Reason.Length, start, fields);
        bytes.Dispose();
        return made;
    }

    private static bool IsKept(in HeaderField field, ReadOnlySpan<byte> name, bool keepsSetCookie) =>
        !KnownHeaders.Has(KnownHeaders.NotKeptInResponse | 1UL << (int)KnownHeader.Trailer, field.Known)
        && !Ascii.EqualsIgnoreCase(name, "age"u8) && !Ascii.EqualsIgnoreCase(name, "apisix-cache-status"u8)
        && (keepsSetCookie || !Ascii.EqualsIgnoreCase(name, "set-cookie"u8)) && !IsRemainder(name);

    /// <summary>What is left of a limit is another client's. Source: APISIX.</summary>
    private static bool IsRemainder(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> remainder = "ratelimit-remaining"u8;
        for (int at = 0; at + remainder.Length <= name.Length; at++)
        {
            if (Ascii.EqualsIgnoreCase(name.Slice(at, remainder.Length), remainder))
                return true;
        }

        return false;
    }

    private static void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, KnownHeader known, ref ByteBuilder bytes, List<HeaderField> fields)
    {
        int start = bytes.Length;
        bytes.Add(name);
        bytes.Add(": "u8);
        int valueStart = bytes.Length;
        bytes.Add(value);
        bytes.Add("\r\n"u8);
        fields.Add(new HeaderField { NameStart = start, NameLength = name.Length, ValueStart = valueStart, ValueLength = value.Length, LineEnd = bytes.Length, Known = known });
    }
}
