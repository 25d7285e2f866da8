using System.Net.Sockets;
using System.Text.Json;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>Writes what a log says of each try, one after the other with <c>, </c> between them, as nginx does; a dash for what a try did not come to.</summary>
internal static class LogTries
{
    private static readonly byte[][] Failures =
        [.. Enum.GetValues<AttemptFailure>().Select(static failure => JsonSerializer.SerializeToUtf8Bytes(JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString()))[1..^1])];

    /// <summary>Writes a field of all tries that were kept.</summary>
    public static void Write(ref LineWriter to, LogField field, RequestTrace trace)
    {
        ReadOnlySpan<TracedTry> tries = trace.Tries;
        for (int i = 0; i < tries.Length; i++)
        {
            if (i > 0)
                to.Write(", "u8);
            ref readonly TracedTry one = ref tries[i];
            switch (field)
            {
                case LogField.TryAddress:
                    WriteAddress(ref to, one);
                    break;
                case LogField.TryStatus:
                    WriteStatus(ref to, one);
                    break;
                case LogField.TryConnectTime:
                    WriteTime(ref to, one.Begun, one.Connected);
                    break;
                case LogField.TryHeaderTime:
                    WriteTime(ref to, one.Begun, one.Headed);
                    break;
                case LogField.TryResponseTime:
                    WriteTime(ref to, one.Begun, one.Ended == 0 ? trace.Ended : one.Ended);
                    break;
                default:
                    to.Write(one.Failure == AttemptFailure.None ? "-"u8 : NameOf(one.Failure));
                    break;
            }
        }
    }

    /// <summary>What a log calls a failure.</summary>
    public static ReadOnlySpan<byte> NameOf(AttemptFailure failure) => Failures[(int)failure];

    private static void WriteAddress(ref LineWriter to, in TracedTry one)
    {
        Span<byte> text = stackalloc byte[64];
        if (one.Endpoint is not { } endpoint || !endpoint.Address.Address.TryFormat(text, out int length))
        {
            to.Write((byte)'-'); // its name stands for no address yet
            return;
        }

        bool isV6 = endpoint.Address.AddressFamily == AddressFamily.InterNetworkV6;
        to.Write(isV6 ? "["u8 : default);
        to.Write(text[..length]);
        to.Write(isV6 ? "]:"u8 : ":"u8);
        to.Write(endpoint.Address.Port);
    }

    private static void WriteStatus(ref LineWriter to, in TracedTry one)
    {
        if (one.Status != 0)
            to.Write(one.Status);
        else if (one.Failure is AttemptFailure.ClientFailed or AttemptFailure.Overtaken or AttemptFailure.None)
            to.Write((byte)'-');
        else
            to.Write(TryStatuses.StatusOf(one.Failure));
    }

    private static void WriteTime(ref LineWriter to, long from, long until)
    {
        if (until == 0)
            to.Write((byte)'-');
        else
            to.WriteSeconds(until - from);
    }
}
