using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Headgate.Hosting;

/// <summary>The log of the process: one line an entry, on standard output.</summary>
internal static class GatewayLogging
{
    /// <summary>Makes the factory that every part of the process shares; disposing of it writes what is still queued.</summary>
    public static ILoggerFactory Create() => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)

        // Says again, with a stack trace, what the start reports in one line.
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
        .AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
}
