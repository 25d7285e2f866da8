using Microsoft.Extensions.Logging;

namespace Headgate.Control.Access;

/// <summary>What is said about people. Never a password, never a token.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(1410, LogLevel.Warning, "A login of {Username} from {Address} has failed.")]
    public static partial void LoginFailed(ILogger log, string username, string address);

    [LoggerMessage(1411, LogLevel.Warning, "Too many logins of {Username} or from {Address} have failed: they are refused for a while.")]
    public static partial void LockedOut(ILogger log, string username, string address);
}
