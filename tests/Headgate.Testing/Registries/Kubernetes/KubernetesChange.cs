using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>One write: the object before and after it; null when there was or is none.</summary>
internal sealed record KubernetesChange(long Version, KubernetesCollection Collection, JsonObject? Before, JsonObject? After)
{
    /// <summary>What a watch of a selection sees of it; null = nothing.</summary>
    public (string Type, JsonObject Object)? Seen(KubernetesSelection selection) => (selection.Has(Before), selection.Has(After)) switch
    {
        (false, true) => ("ADDED", After!),
        (true, true) => ("MODIFIED", After!),
        (true, false) => ("DELETED", WithVersion(Before!)),
        _ => null,
    };

    private JsonObject WithVersion(JsonObject one)
    {
        var copy = (JsonObject)one.DeepClone();
        copy["metadata"]!["resourceVersion"] = Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return copy;
    }
}
