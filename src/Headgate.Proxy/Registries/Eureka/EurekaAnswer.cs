namespace Headgate.Proxy.Registries.Eureka;

/// <summary>What Eureka answers, about all applications or about what has changed.</summary>
/// <param name="HashCode"><c>apps__hashcode</c>: of all applications as the server has them. Null when it does not say.</param>
/// <param name="Instances">In the order of the answer.</param>
/// <param name="Problems">What could not be told to be of any instance, so that no service can show it.</param>
internal sealed record EurekaAnswer(string? HashCode, IReadOnlyList<EurekaInstance> Instances, IReadOnlyList<string> Problems);
