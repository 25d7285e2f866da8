using System.Text;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Proxy.Plugins.OpenTelemetry;

/// <summary>Attributes that a configuration asks for: variables, and header fields of the request.</summary>
internal sealed class SpanAttributes(OpenTelemetryConfig config)
{
    private const int ValueMax = 4096;

    private readonly (byte[] Name, LogPart Part)[] _variables = [.. config.Attributes.Items.Select(static name => (Encoding.UTF8.GetBytes(name), LogFormat.PartOf(name)))];
    private readonly byte[][] _names = [.. config.Fields.Items.Where(static name => !IsPrefix(name)).Select(Encoding.UTF8.GetBytes)];
    private readonly byte[][] _prefixes = [.. config.Fields.Items.Where(IsPrefix).Select(static name => Encoding.UTF8.GetBytes(name[..^1]))];

    /// <summary>Path and query as logs have them: without credentials.</summary>
    public static LogPart Target { get; } = LogFormat.PartOf("request_uri");

    /// <summary>Variables that no request has here.</summary>
    public static IEnumerable<string> Unknown(OpenTelemetryConfig config) => config.Attributes.Items.Where(static name => LogFormat.PartOf(name).Variable is { IsSupported: false });

    /// <summary>Writes those that the request has.</summary>
    public void Write(ref ProtoWriter to, PluginContext context, RequestTrace trace, in LogMoment moment)
    {
        foreach ((byte[] name, LogPart part) in _variables)
            WriteVariable(ref to, name, part, context.Exchange, trace, moment);
        foreach (byte[] name in _names)
            WriteField(ref to, context, name);
        if (_prefixes.Length > 0)
            WritePrefixed(ref to, context);
    }

    /// <summary>Writes a variable; nothing when the request does not have it, or it is longer than 4096 bytes.</summary>
    public static void WriteVariable(ref ProtoWriter to, scoped ReadOnlySpan<byte> name, in LogPart part, Exchange exchange, RequestTrace trace, in LogMoment moment)
    {
        Span<byte> value = stackalloc byte[ValueMax];
        var line = new LineWriter(value);
        LogValues.Write(ref line, part, exchange, trace, moment, LogEscape.None);
        SpanFields.Text(ref to, name, value[..line.Length]);
    }

    private void WritePrefixed(ref ProtoWriter to, PluginContext context)
    {
        RequestHead head = context.Exchange.Request;
        Span<byte> lower = stackalloc byte[256];
        ReadOnlySpan<HeaderField> fields = head.Fields;
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i].NameLength > lower.Length || fields[i].Known == KnownHeader.Edited)
                continue;
            Ascii.ToLower(head.Name(fields[i]), lower, out int length);
            if (HasPrefix(lower[..length]) && IsFirst(head, i))
                WriteField(ref to, context, lower[..length]);
        }
    }

    /// <summary>Whether one of the prefixes asks for it, and it is not asked for by name as well.</summary>
    private bool HasPrefix(ReadOnlySpan<byte> name)
    {
        foreach (byte[] named in _names)
        {
            if (name.SequenceEqual(named))
                return false;
        }

        foreach (byte[] prefix in _prefixes)
        {
            if (name.StartsWith(prefix))
                return true;
        }

        return false;
    }

    private static bool IsFirst(RequestHead head, int index)
    {
        ReadOnlySpan<HeaderField> fields = head.Fields;
        for (int i = 0; i < index; i++)
        {
            if (fields[i].Known != KnownHeader.Edited && Ascii.EqualsIgnoreCase(head.Name(fields[i]), head.Name(fields[index])))
                return false;
        }

        return true;
    }

    /// <summary>Values of one name stand in one attribute.</summary>
    private static void WriteField(ref ProtoWriter to, PluginContext context, scoped ReadOnlySpan<byte> lowerName)
    {
        Span<byte> values = stackalloc byte[ValueMax];
        var line = new LineWriter(values);
        int place = 0;
        while (context.Forwarded.TryGetNext(lowerName, ref place, out ReadOnlySpan<byte> value))
        {
            if (line.Length > 0)
                line.Write(", "u8);
            line.Write(value);
        }

        SpanFields.Text(ref to, lowerName, values[..line.Length]);
    }

    private static bool IsPrefix(string name) => name.Length >= 2 && name[^1] == '*';
}
