using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>Which namespaces of a cluster are followed.</summary>
/// <param name="Kind">How <paramref name="Values"/> are meant.</param>
/// <param name="Values">One name, or one or more regular expressions.</param>
public sealed record KubernetesNamespaceSelector(KubernetesNamespaceMatch Kind, EquatableArray<string> Values);
