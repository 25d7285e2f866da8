using System.Collections.Immutable;

namespace Headgate.Core.Config.Reading;

/// <summary>Methods that a route or a probe may name.</summary>
internal static class HttpMethods
{
    public static ImmutableArray<string> All { get; } = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "PURGE"];
}
