using System.Collections.Immutable;
using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>The objects of a cluster as they were read last, and what they say of a service. Written by one reading; thread-safe.</summary>
/// <param name="kind">Kind of the objects, for texts.</param>
/// <param name="weight">Weight of every instance.</param>
internal sealed class EndpointStore(string kind, int weight)
{
    private readonly Lock _gate = new();
    private Dictionary<string, EndpointObject> _objects = new(StringComparer.Ordinal);
    private Dictionary<string, SortedDictionary<string, EndpointObject>> _services = new(StringComparer.Ordinal);

    /// <summary>These are all objects. Of one that says nothing that can be understood the last good word stays.</summary>
    public void Replace(IReadOnlyCollection<EndpointObject> all)
    {
        lock (_gate)
        {
            Dictionary<string, EndpointObject> before = _objects;
            _objects = new Dictionary<string, EndpointObject>(all.Count, StringComparer.Ordinal);
            _services = new Dictionary<string, SortedDictionary<string, EndpointObject>>(StringComparer.Ordinal);
            foreach (EndpointObject one in all)
            {
                EndpointObject kept = Understood(one, before.GetValueOrDefault(one.Key));
                _objects[one.Key] = kept;
                Index(kept);
            }
        }
    }

    /// <summary>An object is new or other than before. Returns the service that it belonged to and the one that it belongs to, or twice the same.</summary>
    public (string Before, string Now) Put(EndpointObject one)
    {
        lock (_gate)
        {
            EndpointObject? before = _objects.GetValueOrDefault(one.Key);
            if (before is not null)
                Unindex(before);
            EndpointObject kept = Understood(one, before);
            _objects[one.Key] = kept;
            Index(kept);
            return (before?.Service ?? kept.Service, kept.Service);
        }
    }

    /// <summary>An object is gone. Returns its service; null when it was not known.</summary>
    public string? Remove(string key)
    {
        lock (_gate)
        {
            if (!_objects.Remove(key, out EndpointObject? known))
                return null;
            Unindex(known);
            return known.Service;
        }
    }

    /// <summary>The instances of a service.</summary>
    /// <exception cref="RegistryException">Nothing of what the objects say can be used.</exception>
    public ServiceAnswer Answer(KubernetesServiceName name)
    {
        EndpointObject[] objects;
        lock (_gate)
            objects = _services.TryGetValue(name.Service, out SortedDictionary<string, EndpointObject>? known) ? [.. known.Values] : [];
        if (objects.Length == 0)
            return new ServiceAnswer([]) { Problems = [$"there is no {kind} object of a service {name.Service}"] };

        var builder = new ServiceAnswerBuilder();
        bool hasPort = Add(objects, name.Port, builder);
        ServiceAnswer answer = builder.Build();
        if (builder.IsGarbage)
            throw new RegistryException($"nothing of service {name.Service} can be used: {answer.Problems[0]}") { IsOfServiceOnly = true };
        return hasPort || Ports(objects) is not { Length: > 0 } ports
            ? answer
            : answer with { Problems = [.. answer.Problems, $"service {name.Service} has no port \"{name.Port}\"; it has {ports}"] };
    }

    /// <summary>Every service with each of its ports, as names of services have them.</summary>
    public static IEnumerable<string> Names(EndpointObject one) =>
        one.Groups.IsDefault ? [] : one.Groups.SelectMany(static group => group.Ports).Select(port => $"{one.Service}:{(port.Name.Length > 0 ? port.Name : Number(port))}");

    // While an endpoint moves from a slice to another it may stand in both: it counts once.
    private bool Add(EndpointObject[] objects, string port, ServiceAnswerBuilder builder)
    {
        bool hasPort = false;
        var seen = new HashSet<(string Host, long Port)>();
        foreach (EndpointObject one in objects)
        {
            foreach (string problem in one.Problems)
                builder.Refuse(problem);
            foreach (EndpointGroup group in one.Groups.IsDefault ? [] : one.Groups)
            {
                foreach (EndpointPort known in group.Ports.Where(known => Is(known, port)))
                {
                    hasPort = true;
                    if (known.Number is not { } number)
                    {
                        builder.Refuse($"{one.Key}: port \"{known.Name}\" has no number");
                        continue;
                    }

                    foreach (EndpointAddress address in group.Addresses.Where(address => seen.Add((address.Host, number))))
                        builder.Add(one.Key, address.Host, number, weight, metadata: Metadata(address));
                }
            }
        }

        return hasPort;
    }

    private static bool Is(EndpointPort known, string port) => known.Name == port || (known.Number is not null && Number(known) == port);

    private static string Number(EndpointPort port) => port.Number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static IEnumerable<MetadataEntry> Metadata(EndpointAddress address)
    {
        if (address.Node is { } node)
            yield return new MetadataEntry("node", node);
        if (address.Pod is { } pod)
            yield return new MetadataEntry("pod", pod);
        if (address.Zone is { } zone)
            yield return new MetadataEntry(ZoneAwareConfig.MetadataKey, zone);
    }

    /// <summary>The ports that there are, for people; nothing while no address is ready: then there may be none yet.</summary>
    private static string Ports(EndpointObject[] objects) => string.Join(", ", objects.SelectMany(static one => one.Groups.IsDefault ? [] : one.Groups.AsEnumerable())
        .Where(static group => group.Addresses.Length > 0).SelectMany(static group => group.Ports)
        .Select(static port => port.Name.Length > 0 ? $"{port.Name} ({Number(port)})" : Number(port)).Distinct().Take(20));

    private static EndpointObject Understood(EndpointObject one, EndpointObject? before) =>
        one.Groups.IsDefault && before is { Groups.IsDefault: false } ? before with { Problems = one.Problems } : one;

    private void Index(EndpointObject one)
    {
        if (!_services.TryGetValue(one.Service, out SortedDictionary<string, EndpointObject>? known))
            _services[one.Service] = known = new SortedDictionary<string, EndpointObject>(StringComparer.Ordinal);
        known[one.Key] = one;
    }

    private void Unindex(EndpointObject one)
    {
        if (_services.TryGetValue(one.Service, out SortedDictionary<string, EndpointObject>? known) && known.Remove(one.Key) && known.Count == 0)
            _services.Remove(one.Service);
    }
}
