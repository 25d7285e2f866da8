namespace Headgate.Proxy.Probes;

/// <summary>What a node's gRPC health service said.</summary>
/// <param name="Code">gRPC status code of the call; 0 = OK, <see cref="NoCode"/> = there was none, <see cref="NoMessage"/> = OK without the message that belongs to it.</param>
/// <param name="Serving">The serving status; without meaning unless the call was OK.</param>
internal readonly record struct GrpcAnswer(int Code, GrpcServingStatus Serving)
{
    public const int NoCode = -1;
    public const int NoMessage = -2;

    // The names of the gRPC specification, by code.
    private static readonly string[] CodeNames =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    /// <summary>Whether it wants requests.</summary>
    public bool IsServing => Code == 0 && Serving == GrpcServingStatus.Serving;

    /// <summary>For people, in gRPC's words.</summary>
    public override string ToString() => Code switch
    {
        0 => "the gRPC health service says " + Serving switch
        {
            GrpcServingStatus.Serving => "SERVING",
            GrpcServingStatus.NotServing => "NOT_SERVING",
            GrpcServingStatus.ServiceUnknown => "SERVICE_UNKNOWN",
            _ => "UNKNOWN",
        },
        NoCode => "the answer has no gRPC status",
        NoMessage => "the answer is no message of the gRPC health service",
        _ => $"the gRPC health service answered with status {Code}" + (Code > 0 && Code < CodeNames.Length ? $" ({CodeNames[Code]})" : ""),
    };
}
