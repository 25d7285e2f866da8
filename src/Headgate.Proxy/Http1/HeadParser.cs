namespace Headgate.Proxy.Http1;

/// <summary>
/// The one HTTP/1.1 head parser, for clients and for nodes: strict (RFC 9112), over one contiguous span, without allocation. Ambiguous framing is refused.
/// On <see cref="HeadStatus.Complete"/> the head object holds a private copy of the bytes; otherwise what it shows means nothing.
/// <para>
/// It starts from the first byte each time it is called. The verdict on some bytes is <see cref="HeadStatus.Incomplete"/> or the verdict on all of them,
/// wherever they are cut. <c>docs/reference/http1.md</c> lists what is refused with which status.
/// </para>
/// </summary>
public static class HeadParser
{
    /// <summary>Empty lines tolerated before a request line (RFC 9112 §2.2 asks for one at least: old clients send a CR LF behind a POST's body).</summary>
    private const int EmptyLinesMax = 2;

    /// <summary>Parses a request head at the front of <paramref name="unread"/>. Never throws; reads no byte behind the head.</summary>
    public static HeadResult ParseRequest(ReadOnlySpan<byte> unread, RequestHead head, HeadLimits limits)
    {
        head.Reset();
        int start = 0;
        while (start < unread.Length && unread[start] == '\r')
        {
            if (start + 1 == unread.Length)
                return Incomplete;
            if (unread[start + 1] != '\n')
                return Bad(HeadFault.BareCr);
            start += 2;
            if (start > 2 * EmptyLinesMax)
                return Bad(HeadFault.EmptyLines);
        }

        ReadOnlySpan<byte> bytes = Cut(unread[start..], limits.HeadBytesMax);
        ReadOnlySpan<byte> line = Cut(bytes, limits.StartLineBytesMax + 2);
        if (!RequestLine.TryRead(line, head, out int next, out HeadFault? fault))
            return line.Length >= limits.StartLineBytesMax + 2 ? Bad(HeadFault.StartLineLong) : IncompleteOrLong(bytes, limits);
        if (fault is not null)
            return Bad(fault);
        head.FieldsStart = next;

        FieldFacts facts = new();
        HeadStatus status = ReadFields(bytes, head, limits, ref facts, out fault);
        if (status == HeadStatus.Complete)
            fault = RequestFields.Conclude(head, facts);
        return Verdict(status, start + head.Length, fault);
    }

    /// <summary>
    /// Parses a response head at the front of <paramref name="unread"/>. <paramref name="request"/> decides whether the answer has a body
    /// (HEAD has none; 2xx to CONNECT never occurs). An interim 1xx head is returned like any other, without body. Every fault has status 502.
    /// </summary>
    public static HeadResult ParseResponse(ReadOnlySpan<byte> unread, HttpMethod request, ResponseHead head, HeadLimits limits)
    {
        head.Reset();
        ReadOnlySpan<byte> bytes = Cut(unread, limits.HeadBytesMax);
        if (!StatusLine.TryRead(bytes, head, out int next, out HeadFault? fault))
            return AsNode(IncompleteOrLong(bytes, limits));
        if (fault is not null)
            return AsNode(Bad(fault));
        head.FieldsStart = next;

        FieldFacts facts = new();
        HeadStatus status = ReadFields(bytes, head, limits, ref facts, out fault);
        if (status == HeadStatus.Complete)
            fault = ResponseFields.Conclude(head, request, facts);
        return AsNode(Verdict(status, head.Length, fault));
    }

    /// <summary>Reads the field lines behind the start line into <paramref name="head"/>, which holds its bytes once they are whole.</summary>
    private static HeadStatus ReadFields(ReadOnlySpan<byte> bytes, MessageHead head, HeadLimits limits, ref FieldFacts facts, out HeadFault? fault)
    {
        HeadLines lines = new(bytes, head.FieldsStart, limits);
        HeadLines.Step step;
        while ((step = lines.Next(out HeaderField field, out fault)) == HeadLines.Step.Field)
        {
            head.AddField() = field;
            if (field.Known == KnownHeader.Other)
                continue;
            fault = head.TakeField(field, bytes.Slice(field.ValueStart, field.ValueLength), ref facts);
            if (fault is not null)
                return HeadStatus.Bad;
        }

        if (step == HeadLines.Step.Incomplete && bytes.Length >= limits.HeadBytesMax)
            fault = HeadFault.HeadLong;
        if (step == HeadLines.Step.End)
            head.Hold(bytes[..lines.Position]);
        return fault is not null ? HeadStatus.Bad : step == HeadLines.Step.End ? HeadStatus.Complete : HeadStatus.Incomplete;
    }

    private static HeadResult Incomplete => new(HeadStatus.Incomplete, 0, 0, null);

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes, int max) => bytes.Length > max ? bytes[..max] : bytes;

    /// <summary>A head that fills its limit and does not end will not end within it.</summary>
    private static HeadResult IncompleteOrLong(ReadOnlySpan<byte> bytes, HeadLimits limits) =>
        bytes.Length >= limits.HeadBytesMax ? Bad(HeadFault.HeadLong) : Incomplete;

    private static HeadResult Verdict(HeadStatus status, int consumed, HeadFault? fault) =>
        fault is not null ? Bad(fault) : status == HeadStatus.Complete ? new(HeadStatus.Complete, consumed, 0, null) : Incomplete;

    private static HeadResult Bad(HeadFault fault) => new(HeadStatus.Bad, 0, fault.Status, fault.Reason);

    private static HeadResult AsNode(HeadResult result) => result.Status == HeadStatus.Bad ? result with { ErrorStatus = 502 } : result;
}
