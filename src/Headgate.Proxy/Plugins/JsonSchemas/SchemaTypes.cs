namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>Types of JSON values, as schemas name them.</summary>
[Flags]
internal enum SchemaTypes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>An object.</summary>
    Object = 1,

    /// <summary>A list.</summary>
    Array = 2,

    /// <summary>A text.</summary>
    String = 4,

    /// <summary>A number.</summary>
    Number = 8,

    /// <summary>A number without a fraction: 1.0 is one.</summary>
    Integer = 16,

    /// <summary>True or false.</summary>
    Boolean = 32,

    /// <summary>Null.</summary>
    Null = 64,
}
