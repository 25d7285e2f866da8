namespace Headgate.Core.Config;

/// <summary>What a health check looks at.</summary>
public enum HealthCheckType
{
    /// <summary>Status of an answer in clear text.</summary>
    Http,

    /// <summary>The same behind TLS.</summary>
    Https,

    /// <summary>Whether a connection can be opened.</summary>
    Tcp,

    /// <summary>What the standard gRPC health service says; active checks only.</summary>
    Grpc,
}
