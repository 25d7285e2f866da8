namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>What the access log is.</summary>
/// <param name="Path">The file, which grows at its end; <c>/dev/stdout</c> = standard output.</param>
/// <param name="Format">How a request is written.</param>
/// <param name="BufferBytes">Bytes that wait to be written, for each event loop and once for all else; 4 KiB to 1 GiB.</param>
public sealed record AccessLogOptions(string Path, LogFormat Format, int BufferBytes = 1 << 20);
