using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Secrets;

/// <summary>What is logged of secrets: 1130 to 1139. Never a value.</summary>
internal static partial class SecretLog
{
    [LoggerMessage(1130, LogLevel.Warning, "Secret {Reference} cannot be had, {Consequence}: {Problem}")]
    public static partial void Unavailable(ILogger logger, string reference, string problem, string consequence);

    [LoggerMessage(1131, LogLevel.Information, "Secret {Reference} can be had again")]
    public static partial void Available(ILogger logger, string reference);
}
