namespace Headgate.Proxy.Plugins.Mocking;

/// <summary>What a value is, as a JSON schema names it.</summary>
public enum MockType
{
    /// <summary>Nothing that is made up here: it is left out.</summary>
    None,

    /// <summary>An object.</summary>
    Object,

    /// <summary>A list.</summary>
    Array,

    /// <summary>A text.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>True or false.</summary>
    Boolean,
}
