namespace Headgate.Core.Config;

/// <summary>What follows from an upstream's scheme.</summary>
public static class UpstreamSchemes
{
    /// <summary>The port of a node that names none; null = it has to name one.</summary>
    public static int? StandardPort(this UpstreamScheme scheme) => scheme switch
    {
        UpstreamScheme.Http or UpstreamScheme.Grpc => 80,
        UpstreamScheme.Https or UpstreamScheme.Grpcs => 443,
        _ => null,
    };
}
