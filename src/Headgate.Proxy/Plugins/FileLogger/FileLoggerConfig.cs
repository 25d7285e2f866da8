using Headgate.Proxy.Plugins.Loggers;

namespace Headgate.Proxy.Plugins.FileLogger;

/// <summary>Configuration of <c>file-logger</c>. Source: APISIX, <c>apisix/plugins/file-logger.lua</c>.</summary>
/// <param name="Path">The file, which grows at its end; null = that of the metadata.</param>
public sealed record FileLoggerConfig(string? Path) : LoggerConfig;
