namespace Headgate.Settings;

/// <summary>Where the configuration lives.</summary>
internal enum ConfigProvider
{
    /// <summary>The store inside the process, kept in the data folder.</summary>
    Embedded,

    /// <summary>An etcd that any number of processes share.</summary>
    Etcd,

    /// <summary>A file, <c>apisix.yaml</c>; with an Admin API, what is given to that as a whole.</summary>
    Yaml,

    /// <summary>A file, <c>apisix.json</c>.</summary>
    Json,
}
