namespace Headgate.Core.Config.Registries;

/// <summary>The forms of Nacos' API over HTTP.</summary>
public enum NacosApi
{
    /// <summary>That of Nacos 1, which Nacos 2 has too: answers are bare.</summary>
    V1,

    /// <summary>That of Nacos 2: every answer has a code, and the data inside.</summary>
    V2,

    /// <summary>That of Nacos 3 for clients: as 2, at other paths, and without a list of services.</summary>
    V3,
}
