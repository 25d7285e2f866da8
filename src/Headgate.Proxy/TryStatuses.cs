using System.Buffers.Text;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy;

/// <summary>
/// The statuses of a request's tries, in order, for <c>X-APISIX-Upstream-Status</c>: what a node answered, 504 for a try that timed out, 502 for any other
/// that failed. Keeps the last 16.
/// </summary>
public sealed class TryStatuses
{
    private const int Kept = 16;
    private readonly ushort[] _statuses = new ushort[Kept];

    /// <summary>Number of tries.</summary>
    public int Count { get; private set; }

    /// <summary>Status of the last try; 0 when there was none.</summary>
    public int Last => Count == 0 ? 0 : _statuses[(Count - 1) % Kept];

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;

    /// <summary>A node answered.</summary>
    public void Add(int status) => _statuses[Count++ % Kept] = (ushort)status;

    /// <summary>The answer of the last try has come to nothing: its status does not count.</summary>
    public void TakeBack() => Count--;

    /// <summary>A try failed.</summary>
    public void Add(AttemptFailure failure) => Add(StatusOf(failure));

    /// <summary>504 for the timeouts, 502 for the rest.</summary>
    public static int StatusOf(AttemptFailure failure) =>
        failure is AttemptFailure.ConnectTimeout or AttemptFailure.SendTimeout or AttemptFailure.ReadTimeout ? 504 : 502;

    /// <summary>Writes <c>502, 503</c>; returns the length. 80 bytes are always enough.</summary>
    public int Write(Span<byte> destination)
    {
        int length = 0;
        for (int i = Math.Max(0, Count - Kept); i < Count; i++)
        {
            if (length > 0)
            {
                destination[length++] = (byte)',';
                destination[length++] = (byte)' ';
            }

            Utf8Formatter.TryFormat(_statuses[i % Kept], destination[length..], out int written);
            length += written;
        }

        return length;
    }
}
