namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>Limits of a client of Kubernetes: none has a setting, tests have shorter ones.</summary>
internal sealed record KubernetesTerms
{
    /// <summary>Those that a gateway has.</summary>
    public static KubernetesTerms Default { get; } = new();

    /// <summary>How long a connection may take to come about; 2 s, as in APISIX.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a page of a list may take.</summary>
    public TimeSpan PageTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Objects in a page of a list; kubectl's and client-go's number.</summary>
    public int PageObjects { get; init; } = 500;

    /// <summary>How long the head of a watch may take.</summary>
    public TimeSpan WatchHeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a watch is asked to last at least; it is drawn up to twice that, so that the watches of many gateways end apart. client-go's number.</summary>
    public TimeSpan WatchLeast { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a watch may bring nothing, not even a bookmark, before it is opened anew from where it was, which costs the server little. API servers send a bookmark a minute to who asks for
    /// them, so only a connection that is dead, or a server without bookmarks, is silent for longer.
    /// </summary>
    public TimeSpan WatchSilence { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Longest line of a watch, bytes: etcd holds no object above 1.5 MiB.</summary>
    public int LineBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>A watch that ends sooner does not count as one: the next full read waits, as after a failure.</summary>
    public TimeSpan WatchWell { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first of these waits.</summary>
    public TimeSpan PauseFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest of these waits. It comes on top of that of whoever follows.</summary>
    public TimeSpan PauseMost { get; init; } = TimeSpan.FromSeconds(15);
}
