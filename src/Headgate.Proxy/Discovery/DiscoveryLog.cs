using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Discovery;

/// <summary>What discovery logs: 1760 to 1769.</summary>
internal static partial class DiscoveryLog
{
    [LoggerMessage(1760, LogLevel.Information, "Service registry {Registry} answers")]
    public static partial void RegistryHealthy(ILogger logger, string registry);

    [LoggerMessage(1761, LogLevel.Warning, "Service registry {Registry} is lost: {Reason}. What is known of its services stays in use; it is tried again")]
    public static partial void RegistryLost(ILogger logger, string registry, string reason);

    [LoggerMessage(1762, LogLevel.Warning, "Service {Service} of {Registry} has no answer: {Reason}. {Instances} instances stay in use")]
    public static partial void ServiceFailed(ILogger logger, string service, string registry, string reason, int instances);

    [LoggerMessage(1763, LogLevel.Warning, "Service {Service} of {Registry}: {Missing} instances have vanished, {Instances} stay in use; the registry is believed at {Until}, or when they are released")]
    public static partial void RemovalHeld(ILogger logger, string service, string registry, int missing, int instances, string until);

    [LoggerMessage(1764, LogLevel.Information, "Service {Service} of {Registry}: nothing is held any more, {Instances} instances are in use")]
    public static partial void RemovalReleased(ILogger logger, string service, string registry, int instances);

    [LoggerMessage(1765, LogLevel.Warning, "Service {Service} of {Registry}: parts of the answer cannot be used and are left out: {Problems}")]
    public static partial void AnswerLeftOut(ILogger logger, string service, string registry, string problems);

    [LoggerMessage(1766, LogLevel.Warning, "{File} cannot be used: {Problem}. It was moved to {Aside}; nothing is remembered of services from before the restart")]
    public static partial void FileSetAside(ILogger logger, string file, string problem, string aside);

    [LoggerMessage(1767, LogLevel.Warning, "What is known of services cannot be kept in {File}: {Problem}. It is tried again; a restart before it succeeds forgets what came since")]
    public static partial void FileNotWritten(ILogger logger, string file, string problem);

    [LoggerMessage(1768, LogLevel.Information, "What is known of services is kept in {File} again")]
    public static partial void FileWrittenAgain(ILogger logger, string file);
}
