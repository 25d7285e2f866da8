using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.RequestValidation;

/// <summary>Configuration of <c>request-validation</c>. Source: APISIX, <c>apisix/plugins/request-validation.lua</c>.</summary>
public sealed record RequestValidationConfig : PluginConfig
{
    /// <summary>JSON schema of the header fields; null = they are not looked at.</summary>
    public string? HeaderSchema { get; init; }

    /// <summary>JSON schema of the body; null = it is not looked at.</summary>
    public string? BodySchema { get; init; }

    /// <summary>Bytes that a body may have.</summary>
    public int BodyBytesMax { get; init; } = SchemaRules.BodyBytesMaxDefault;

    /// <summary>Status of a refusal, 200 to 599.</summary>
    public int RejectedCode { get; init; } = 400;

    /// <summary>What the refused are told; null = what is wrong.</summary>
    public string? RejectedMsg { get; init; }
}
