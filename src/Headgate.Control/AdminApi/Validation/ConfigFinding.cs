namespace Headgate.Control.AdminApi.Validation;

/// <summary>One problem of a whole configuration, shaped as APISIX's.</summary>
/// <param name="ResourceType">The kind, in the plural.</param>
/// <param name="ResourceId">The object's id, empty when it has none; null = the problem is not one object's.</param>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Error">What is wrong.</param>
internal sealed record ConfigFinding(string ResourceType, string? ResourceId, int? Index, string Error);
