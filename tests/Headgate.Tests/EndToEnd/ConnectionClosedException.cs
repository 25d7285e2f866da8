namespace Headgate.Tests.EndToEnd;

/// <summary>The gateway closed or reset the connection where an answer was waited for.</summary>
internal sealed class ConnectionClosedException(int bytesRead, Exception? reason)
    : IOException($"the connection was closed after {bytesRead} bytes of an answer", reason)
{
    /// <summary>Bytes of the answer that had come; 0 = the request may not have been read at all.</summary>
    public int BytesRead { get; } = bytesRead;
}
