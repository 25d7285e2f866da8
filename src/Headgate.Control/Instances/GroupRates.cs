namespace Headgate.Control.Instances;

/// <summary>How many requests the routes of a gateway group get at present, over all instances that are heard. Any thread.</summary>
internal sealed class GroupRates(Fleet fleet, string group)
{
    /// <summary>Requests a second of a route; null = no instance has a figure yet.</summary>
    public double? OfRoute(string id) => Sum(routes => routes.GetValueOrDefault(id));

    /// <summary>Requests a second of all routes together; null = no instance has a figure yet.</summary>
    public double? OfAllRoutes => Sum(static routes => routes.Values.Sum());

    private double? Sum(Func<IReadOnlyDictionary<string, double>, double> figure)
    {
        double? sum = null;
        foreach (Instance instance in fleet.Of(group))
        {
            if (instance.Traffic is { } traffic)
                sum = (sum ?? 0) + figure(traffic.Routes);
        }

        return sum;
    }
}
