namespace Headgate.Proxy.Probes;

/// <summary>Serving status of grpc.health.v1; the numbers are the protocol's.</summary>
internal enum GrpcServingStatus
{
    /// <summary>It does not know yet.</summary>
    Unknown = 0,

    /// <summary>It wants requests.</summary>
    Serving = 1,

    /// <summary>It wants none.</summary>
    NotServing = 2,

    /// <summary>It does not know the service.</summary>
    ServiceUnknown = 3,
}
