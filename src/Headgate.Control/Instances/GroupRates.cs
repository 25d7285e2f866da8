namespace Headgate.Control.Instances;

/// <summary>How many requests the routes of a gateway group get at present, over all instances that are heard. Any thread.</summary>
internal sealed class GroupRates(Fleet fleet, string group)
{
    /// <summary>Requests a second of the routes that get any, by their ids; null = no instance has a figure yet.</summary>
    public IReadOnlyDictionary<string, double>? Now
    {
        get
        {
            Dictionary<string, double>? sums = null;
            foreach (Instance instance in fleet.Of(group))
            {
                if (instance.Traffic is not { } traffic)
                    continue;
                sums ??= new Dictionary<string, double>(StringComparer.Ordinal);
                foreach ((string route, double rate) in traffic.Routes)
                    sums[route] = sums.GetValueOrDefault(route) + rate;
            }

            return sums;
        }
    }
}
