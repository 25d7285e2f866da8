using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>What is logged of identity providers: 1672 and 1673.</summary>
internal static partial class OpenIdConnectLog
{
    [LoggerMessage(1672, LogLevel.Warning, "The identity provider {Provider} cannot be asked for its keys: {Reason}. Those that are known stay in use.")]
    public static partial void ProviderLost(ILogger logger, string provider, string reason);

    [LoggerMessage(1673, LogLevel.Information, "The identity provider {Provider} can be asked for its keys again")]
    public static partial void ProviderFound(ILogger logger, string provider);
}
