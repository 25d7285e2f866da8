using Headgate.Proxy.Plugins.Compression;

namespace Headgate.Proxy.Plugins.Gzip;

/// <summary>Configuration of <c>gzip</c>.</summary>
public sealed record GzipConfig : CompressionConfig;
