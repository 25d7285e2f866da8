namespace Headgate.Proxy.Tests.Plugins.OpenTelemetry;

/// <summary>A span as a collector saw it. Ids in hexadecimal digits, times in nanoseconds since 1970.</summary>
internal sealed record CollectedSpan(
    string Trace, string Id, string Parent, string State, string Name, int Kind, ulong Start, ulong End, Dictionary<string, string> Attributes, int Status, string StatusMessage)
{
    /// <summary>Reads one.</summary>
    public static CollectedSpan Of(ProtoFields span)
    {
        ProtoFields? status = span.Messages(15).SingleOrDefault();
        return new CollectedSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(3), span.Text(5), (int)span.Number(6), span.Number(7), span.Number(8), span.Attributes(9),
            (int)(status?.Number(3) ?? 0), status?.Text(2) ?? "");
    }
}
