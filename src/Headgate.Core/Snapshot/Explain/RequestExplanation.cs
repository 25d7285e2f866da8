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

    /// <summary>Name of a plugin of the route that chooses the upstream when the request comes; null when none does. <see cref="Upstream"/> is the one that it must or is to have chosen.</summary>
    public string? ChosenBy { get; init; }

    /// <summary>Index of the rule of that plugin that decides; null when none takes the request, or the plugin does not tell.</summary>
    public int? Rule { get; init; }

    /// <summary>What that plugin chooses from; null when it does not tell.</summary>
    public IReadOnlyList<ChosenUpstream>? Choices { get; init; }
}
