using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>What a gateway would do with a request, and why.</summary>
public sealed record RequestExplanation
{
    /// <summary>Revision of the configuration it is about.</summary>
    public required long Revision { get; init; }

    /// <summary>The status that the gateway would answer by itself; null when it would ask a node.</summary>
    public int? Status { get; init; }

    /// <summary>Why it would answer by itself; null when it would not.</summary>
    public string? Refusal { get; init; }

    /// <summary>The route that matches; null when none does, or when the request would be refused before.</summary>
    public RouteSnapshot? Route { get; init; }

    /// <summary>The upstream and its nodes; null when it does not get that far.</summary>
    public UpstreamExplanation? Upstream { get; init; }

    /// <summary>Name of a plugin of the route that may choose another upstream when the request comes, so that none is given here; null when none does.</summary>
    public string? ChosenBy { get; init; }
}
