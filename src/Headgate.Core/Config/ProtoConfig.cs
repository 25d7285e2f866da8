namespace Headgate.Core.Config;

/// <summary>Protocol Buffers definitions as a user wrote them. Source: APISIX proto schema (docs/reference/proto.md).</summary>
public sealed record ProtoConfig
{
    /// <summary>Id of the object.</summary>
    public required string Id { get; init; }

    /// <summary>Display name; null when absent.</summary>
    public string? Name { get; init; }

    /// <summary>A <c>.proto</c> file's text, or a compiled <c>FileDescriptorSet</c> in base64: 1 to 1,048,576 characters.</summary>
    public required string Content { get; init; }
}
