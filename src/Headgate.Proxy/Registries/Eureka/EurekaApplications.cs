using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Headgate.Proxy.Registries.Eureka;

/// <summary>All applications of a registry with their instances, at one moment. Immutable.</summary>
internal sealed class EurekaApplications
{
    private const string Deleted = "DELETED";

    private readonly ImmutableDictionary<string, ImmutableSortedDictionary<string, EurekaInstance>> _byName;

    private EurekaApplications(ImmutableDictionary<string, ImmutableSortedDictionary<string, EurekaInstance>> byName) => _byName = byName;

    /// <summary>None at all.</summary>
    public static EurekaApplications Empty { get; } = new(ImmutableDictionary.Create<string, ImmutableSortedDictionary<string, EurekaInstance>>(StringComparer.Ordinal));

    /// <summary>Names of those that have an instance, in order.</summary>
    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Instances of an application, in order of their ids; empty when there is none of that name.</summary>
    public IEnumerable<EurekaInstance> Of(string name) => _byName.TryGetValue(name, out ImmutableSortedDictionary<string, EurekaInstance>? found) ? found.Values : [];

    /// <summary>As Eureka counts: every status that there is with the number of its instances, in order of name. Two registries that differ may have the same.</summary>
    public string HashCode()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (EurekaInstance instance in _byName.Values.SelectMany(static instances => instances.Values))
            counts[instance.Status] = counts.GetValueOrDefault(instance.Status) + 1;
        var text = new StringBuilder();
        foreach ((string status, int count) in counts)
            text.Append(CultureInfo.InvariantCulture, $"{status}_{count}_");
        return text.ToString();
    }

    /// <summary>These applications after a delta, whose entries may have been applied before. <paramref name="changed"/> gets the names of those that it is about.</summary>
    public EurekaApplications After(IEnumerable<EurekaInstance> delta, ISet<string> changed)
    {
        ImmutableDictionary<string, ImmutableSortedDictionary<string, EurekaInstance>>.Builder all = _byName.ToBuilder();
        foreach (IGrouping<string, EurekaInstance> ofOne in delta.GroupBy(static one => one.App))
        {
            ImmutableSortedDictionary<string, EurekaInstance>.Builder instances =
                (all.GetValueOrDefault(ofOne.Key) ?? ImmutableSortedDictionary.Create<string, EurekaInstance>(StringComparer.Ordinal)).ToBuilder();
            foreach (EurekaInstance one in ofOne)
            {
                if (one.Action == Deleted)
                    instances.Remove(one.Id);
                else
                    instances[one.Id] = one;
            }

            changed.Add(ofOne.Key);
            if (instances.Count > 0)
                all[ofOne.Key] = instances.ToImmutable();
            else
                all.Remove(ofOne.Key);
        }

        return new EurekaApplications(all.ToImmutable());
    }
}
