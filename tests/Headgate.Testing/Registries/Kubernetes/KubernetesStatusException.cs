using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>A refusal, as the API server writes it: a <c>Status</c> object.</summary>
public sealed class KubernetesStatusException(int code, string reason, string text) : Exception(text)
{
    /// <summary>Status of HTTP.</summary>
    public int Code => code;

    /// <summary>The object.</summary>
    public JsonObject ToJson() => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = Message,
        ["reason"] = reason,
        ["code"] = code,
    };

    /// <summary>The history is no longer there.</summary>
    public static KubernetesStatusException Expired(string text) => new(410, "Expired", text);

    /// <summary>A request that is not in the protocol.</summary>
    public static KubernetesStatusException BadRequest(string text) => new(400, "BadRequest", text);

    /// <summary>An object that breaks the rules of its kind.</summary>
    public static KubernetesStatusException Invalid(string text) => new(422, "Invalid", text);
}
