namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>Whether a token is signed.</summary>
internal enum KeyResult
{
    /// <summary>Not by the key that it names.</summary>
    NotSigned,

    /// <summary>By none of the known keys; it may be by one that is new.</summary>
    UnknownKey,

    /// <summary>It is.</summary>
    Signed,
}
