namespace Headgate.Testing.Registries.Consul;

/// <summary>An instance of a service in a <see cref="ConsulState"/>.</summary>
/// <param name="Name">Of the service.</param>
/// <param name="Id">Of the instance; unique on its node.</param>
public sealed record ConsulService(string Name, string Id)
{
    /// <summary>Name of its node.</summary>
    public string Node { get; init; } = ConsulState.AgentNode;

    /// <summary>Empty = its node's.</summary>
    public string Address { get; init; } = "";

    /// <summary>0 = none.</summary>
    public int Port { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Its metadata; null as Consul has it when none was given.</summary>
    public IReadOnlyDictionary<string, string>? Meta { get; init; }

    /// <summary>Weight while passing, from 1.</summary>
    public int PassingWeight { get; init; } = 1;
}
