namespace Headgate.Core.Snapshot;

/// <summary>How many requests routes get at present, in this process. Any thread; takes nothing from the request path.</summary>
public interface IRouteRates
{
    /// <summary>Requests a second of a route, over the last seconds; null = there is no figure: it is not served, or has not been watched long enough.</summary>
    double? OfRoute(string routeId);

    /// <summary>Requests a second of all routes together; null = there is no figure yet.</summary>
    double? OfAllRoutes { get; }
}
