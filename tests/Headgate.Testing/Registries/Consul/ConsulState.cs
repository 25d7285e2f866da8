using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Consul;

/// <summary>
/// The catalog of one cluster of Consul, with an index a table and a service as the real one keeps them. Several <see cref="ConsulTestServer"/>s may show the same one. Thread-safe.
/// </summary>
public sealed class ConsulState
{
    /// <summary>The node that the agent of every server is on.</summary>
    public const string AgentNode = "agent";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _nodes = new() { [AgentNode] = "127.0.0.1" };
    private readonly Dictionary<string, Dictionary<(string Node, string Id), ConsulService>> _services = [];
    private readonly Dictionary<(string Node, string Id), string> _names = [];
    private readonly Dictionary<(string Node, string ServiceId), Dictionary<string, ConsulCheck>> _checks = [];
    private readonly Dictionary<(string Node, string CheckId), string> _checked = [];
    private readonly Dictionary<string, ulong> _serviceIndexes = [];
    private ulong _index = 10;
    private ulong _catalogIndex = 10;
    private ulong _checksIndex = 10;
    private ulong _lastExtinction = 10;

    /// <summary>Makes it, with the service of Consul itself.</summary>
    public ConsulState()
    {
        Put(new ConsulCheck(AgentNode, "serfHealth", "", "passing"));
        Register(new ConsulService("consul", "consul") { Port = 8300 });
    }

    /// <summary>Its keys and values.</summary>
    public ConsulKeys Keys { get; } = new();

    /// <summary>Rises with every change, whatever it is; await it to hear of the next one.</summary>
    public ConsulPulse Pulse { get; } = new();

    /// <summary>How often the state was replaced as a whole (<see cref="Rewind"/>), which ends questions under way.</summary>
    public int Restores { get; private set; }

    /// <summary>Adds a node, or gives it another address.</summary>
    public void AddNode(string node, string address)
    {
        lock (_gate)
        {
            _nodes[node] = address;
            Touch(NamesOn(node));
        }

        Pulse.Beat();
    }

    /// <summary>Adds an instance, or puts it in the place of the one with its id. <paramref name="status"/>: that of a check of its own; null = it has none.</summary>
    public void Register(ConsulService service, string? status = null)
    {
        lock (_gate)
        {
            if (!_nodes.ContainsKey(service.Node))
                throw new ArgumentException($"there is no node {service.Node}", nameof(service));
            if (!_services.TryGetValue(service.Name, out var instances))
                _services[service.Name] = instances = [];
            instances[(service.Node, service.Id)] = service;
            _names[(service.Node, service.Id)] = service.Name;
            _catalogIndex = Touch([service.Name]);
            if (status is not null)
            {
                Put(new ConsulCheck(service.Node, $"service:{service.Id}", service.Id, status));
                _checksIndex = _catalogIndex;
            }
        }

        Pulse.Beat();
    }

    /// <summary>Removes an instance with its checks; false when there is none.</summary>
    public bool Deregister(string id, string node = AgentNode)
    {
        lock (_gate)
        {
            if (!_names.Remove((node, id), out string? name))
                return false;
            _services[name].Remove((node, id));
            if (_checks.Remove((node, id), out var checks))
            {
                foreach (string check in checks.Keys)
                    _checked.Remove((node, check));
            }

            _catalogIndex = _checksIndex = Touch([name]);
            if (_services[name].Count == 0)
            {
                _services.Remove(name);
                _serviceIndexes.Remove(name);
                _lastExtinction = _index;
            }
        }

        Pulse.Beat();
        return true;
    }

    /// <summary>Sets the status of a check, of an instance or (<paramref name="serviceId"/> empty) of a node.</summary>
    public void SetCheck(string id, string status, string serviceId = "", string node = AgentNode)
    {
        lock (_gate)
        {
            Put(new ConsulCheck(node, id, serviceId, status));
            _checksIndex = Touch(NamesOf(node, serviceId));
        }

        Pulse.Beat();
    }

    /// <summary>Sets the status of a check that there is, by its id on the agent's node; false when there is none.</summary>
    public bool TrySetStatus(string id, string status)
    {
        string? serviceId;
        lock (_gate)
            serviceId = _checked.GetValueOrDefault((AgentNode, id));
        if (serviceId is null)
            return false;
        SetCheck(id, status, serviceId);
        return true;
    }

    /// <summary>Removes a check of the agent's node; false when there is none.</summary>
    public bool RemoveCheck(string id)
    {
        lock (_gate)
        {
            if (!_checked.Remove((AgentNode, id), out string? serviceId))
                return false;
            _checks[(AgentNode, serviceId)].Remove(id);
            _checksIndex = Touch(NamesOf(AgentNode, serviceId));
        }

        Pulse.Beat();
        return true;
    }

    /// <summary>Sets all indexes back, as the restore of an old snapshot does; what is in the catalog stays.</summary>
    public void Rewind(ulong index)
    {
        lock (_gate)
        {
            _index = _catalogIndex = _checksIndex = _lastExtinction = index;
            foreach (string name in _serviceIndexes.Keys.ToArray())
                _serviceIndexes[name] = index;
            Keys.Rewind(index);
            Restores++;
        }

        Pulse.Beat();
    }

    /// <summary><c>/v1/catalog/services</c>.</summary>
    public ConsulAnswer Services()
    {
        lock (_gate)
        {
            return new ConsulAnswer(_catalogIndex, Locked(() => new JsonObject(_services
                .Select(static service => KeyValuePair.Create(service.Key, (JsonNode?)Texts(service.Value.Values.SelectMany(static one => one.Tags).Distinct()))))));
        }
    }

    /// <summary><c>/v1/health/service/NAME</c>.</summary>
    public ConsulAnswer Health(string name, bool passingOnly, IReadOnlyCollection<string> tags)
    {
        lock (_gate)
        {
            return new ConsulAnswer(_serviceIndexes.GetValueOrDefault(name, _lastExtinction), Locked(() => new JsonArray([.. (_services.GetValueOrDefault(name)?.Values ?? Enumerable.Empty<ConsulService>())
                .Where(service => tags.All(service.Tags.Contains))
                .Select(service => (Service: service, Checks: ChecksOf(service).ToArray()))
                .Where(entry => !passingOnly || entry.Checks.All(static check => check.Status == "passing"))
                .Select(entry => (JsonNode)Entry(entry.Service, entry.Checks))])));
        }
    }

    /// <summary><c>/v1/health/state/STATE</c>; <c>any</c> is every state.</summary>
    public ConsulAnswer Checks(string state)
    {
        lock (_gate)
        {
            return new ConsulAnswer(_checksIndex, Locked(() => new JsonArray([.. _checks.Values.SelectMany(static checks => checks.Values)
                .Where(check => state == "any" || check.Status == state)
                .Select(check => (JsonNode)Check(check))])));
        }
    }

    private Func<JsonNode> Locked(Func<JsonNode> make) => () =>
    {
        lock (_gate)
            return make();
    };

    private void Put(ConsulCheck check)
    {
        if (!_checks.TryGetValue((check.Node, check.ServiceId), out var checks))
            _checks[(check.Node, check.ServiceId)] = checks = [];
        checks[check.Id] = check;
        _checked[(check.Node, check.Id)] = check.ServiceId;
    }

    private IEnumerable<ConsulCheck> ChecksOf(ConsulService service) =>
        (_checks.GetValueOrDefault((service.Node, ""))?.Values ?? Enumerable.Empty<ConsulCheck>()).Concat(_checks.GetValueOrDefault((service.Node, service.Id))?.Values ?? Enumerable.Empty<ConsulCheck>());

    private IEnumerable<string> NamesOf(string node, string serviceId) => serviceId.Length == 0 ? NamesOn(node) : [_names[(node, serviceId)]];

    private IEnumerable<string> NamesOn(string node) => _names.Where(one => one.Key.Node == node).Select(static one => one.Value).Distinct();

    private ulong Touch(IEnumerable<string> services)
    {
        _index++;
        foreach (string name in services)
            _serviceIndexes[name] = _index;
        return _index;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => (JsonNode?)text)]);

    private JsonObject Entry(ConsulService service, ConsulCheck[] checks) => new()
    {
        ["Node"] = new JsonObject
        {
            ["ID"] = "40e4a748-2192-161a-0510-9bf59fe950b5", ["Node"] = service.Node, ["Address"] = _nodes[service.Node], ["Datacenter"] = "dc1", ["Meta"] = new JsonObject(),
        },
        ["Service"] = new JsonObject
        {
            ["ID"] = service.Id, ["Service"] = service.Name, ["Tags"] = Texts(service.Tags), ["Address"] = service.Address, ["Port"] = service.Port,
            ["Meta"] = service.Meta is null ? null : new JsonObject(service.Meta.Select(static entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
            ["Weights"] = new JsonObject { ["Passing"] = service.PassingWeight, ["Warning"] = 1 }, ["EnableTagOverride"] = false,
        },
        ["Checks"] = new JsonArray([.. checks.Select(check => (JsonNode)Check(check))]),
    };

    private JsonObject Check(ConsulCheck check) => new()
    {
        ["Node"] = check.Node, ["CheckID"] = check.Id, ["Name"] = check.Id, ["Status"] = check.Status, ["Notes"] = "", ["Output"] = "", ["ServiceID"] = check.ServiceId,
        ["ServiceName"] = _names.GetValueOrDefault((check.Node, check.ServiceId), ""),
    };
}
