namespace Headgate.Core.Config.Registries;

/// <summary>A file that says which services there are (docs/reference/discovery/file.md). Headgate's own.</summary>
public sealed record FileRegistryConfig() : RegistryConfig(TypeName)
{
    /// <summary>The type's name.</summary>
    public const string TypeName = "file";

    /// <summary><c>path</c>: where it is; relative to the working directory.</summary>
    public required string Path { get; init; }

    /// <summary><c>default_weight</c>: of a node that names none; at least 0, default 100.</summary>
    public int DefaultWeight { get; init; } = 100;

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(FileRegistryConfig)} {{ Path = {Path} }}";
}
