using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>What only the client of Kubernetes knows: 1740 to 1743.</summary>
internal static partial class KubernetesLog
{
    [LoggerMessage(1740, LogLevel.Warning, "The API server {Server} is not verified: who stands in between reads the token and can name any nodes. Set service.ca_file, or ssl_verify to true.")]
    public static partial void NotVerified(ILogger logger, string server);

    [LoggerMessage(1741, LogLevel.Information, "The API server {Server} has no more the changes since resource version {Version}: everything is read anew.")]
    public static partial void Gone(ILogger logger, string server, string version);

    [LoggerMessage(1742, LogLevel.Warning, "{Count} objects of the API server {Server} were left out, the first because {Problem}")]
    public static partial void ObjectsLeftOut(ILogger logger, int count, string server, string problem);

    [LoggerMessage(1743, LogLevel.Debug, "The watch of the API server {Server} brought nothing for {Seconds:F0} s and is opened anew.")]
    public static partial void Silent(ILogger logger, string server, double seconds);
}
