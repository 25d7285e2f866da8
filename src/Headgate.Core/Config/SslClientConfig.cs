using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>What is asked of clients (mutual TLS).</summary>
/// <param name="Ca">PEM certificates of the authorities that a client's certificate must come from.</param>
/// <param name="Depth">Most certificates between a client's and one of <paramref name="Ca"/>; from 0, default 1.</param>
/// <param name="SkipMtlsUriRegex">Paths whose requests are taken without a certificate; empty = none.</param>
public sealed record SslClientConfig(string Ca, int Depth, EquatableArray<string> SkipMtlsUriRegex)
{
    /// <summary>Depth of who writes none.</summary>
    public const int DefaultDepth = 1;
}
