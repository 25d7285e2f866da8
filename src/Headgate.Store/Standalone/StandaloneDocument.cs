namespace Headgate.Store.Standalone;

/// <summary>A configuration that a client has given as a whole (<c>PUT /apisix/admin/configs</c>).</summary>
public sealed record StandaloneDocument
{
    /// <summary>The client's own mark of it (<c>X-Digest</c>): any text.</summary>
    public required string Digest { get; init; }

    /// <summary>When it was accepted, Unix seconds.</summary>
    public required long LastModified { get; init; }

    /// <summary>Version numbers by kind, in the plural: <c>routes</c>. A client's, and never falling.</summary>
    public required IReadOnlyDictionary<string, long> Versions { get; init; }

    /// <summary>By kind, in the plural, the list of its objects as it was given: JSON arrays, none of them empty.</summary>
    public required IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Lists { get; init; }
}
