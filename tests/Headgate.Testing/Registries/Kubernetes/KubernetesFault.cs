namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>What an API server of a test does instead of answering.</summary>
public enum KubernetesFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>It takes the request and never answers.</summary>
    Hang,

    /// <summary>500, as of an API server whose etcd is away.</summary>
    Error500,

    /// <summary>429, as of one that has too much to do.</summary>
    TooMany,

    /// <summary>200 with what is no JSON.</summary>
    NoJson,

    /// <summary>200 with a list of another kind.</summary>
    WrongKind,

    /// <summary>A list without items.</summary>
    NoItems,

    /// <summary>410 Gone in the head.</summary>
    Gone,

    /// <summary>A watch that begins and then says 410 in an ERROR event.</summary>
    GoneEvent,

    /// <summary>A watch that says 500 in an ERROR event.</summary>
    ErrorEvent,

    /// <summary>A watch whose first line is no JSON.</summary>
    NoJsonLine,

    /// <summary>A watch whose first line never ends.</summary>
    EndlessLine,

    /// <summary>A watch that ends at once.</summary>
    EndAtOnce,
}
