using Headgate.Core.Primitives;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>What a server is asked.</summary>
/// <param name="Path">Without a slash in front, escaped.</param>
/// <param name="Arguments">Of the query, each <c>name=value</c>, escaped.</param>
internal sealed record ConsulQuestion(string Path, params EquatableArray<string> Arguments)
{
    /// <summary>Whether 404 with an index is an answer: there is nothing of that name. Only of the key-value store.</summary>
    public bool AllowsNone { get; init; }

    /// <summary>An argument of the query.</summary>
    public static string Argument(string name, string value) => $"{name}={Uri.EscapeDataString(value)}";

    /// <summary>The argument that names a data centre; none for null.</summary>
    public static EquatableArray<string> Datacenter(string? name) => name is null ? [] : [Argument("dc", name)];
}
