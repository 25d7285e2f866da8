using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries;

/// <summary>Failures of several servers of one registry.</summary>
internal static class RegistryFailures
{
    /// <summary>One failure for all of them, at least one; of the service alone when one is: then the registry is well.</summary>
    public static RegistryException Join(IReadOnlyList<RegistryException> failures) => failures.Count == 1
        ? failures[0]
        : new RegistryException(string.Join("; ", failures.Select(static failure => failure.Message).Distinct()), failures[0]) { IsOfServiceOnly = failures.Any(static failure => failure.IsOfServiceOnly) };
}
