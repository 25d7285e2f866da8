namespace Headgate.Settings;

/// <summary>Where the configuration lives.</summary>
internal enum ConfigProvider
{
    /// <summary>The store inside the process, kept in the data folder.</summary>
    Embedded,

    /// <summary>An etcd that any number of processes share.</summary>
    Etcd,
}
