namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>How entries are sent together. Source: APISIX, <c>apisix/utils/batch-processor.lua</c>.</summary>
public sealed record BatchConfig
{
    /// <summary>Entries of a batch, from 1.</summary>
    public int BatchMaxSize { get; init; } = 1000;

    /// <summary>A batch is sent when no entry has come for so long, from 1 s.</summary>
    public TimeSpan InactiveTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A batch is sent when its first entry is so old, from 1 s.</summary>
    public TimeSpan BufferDuration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a batch is sent anew after a failure, from 0; then its entries are dropped.</summary>
    public int MaxRetryCount { get; init; }

    /// <summary>How long is waited before that.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries that wait at most, those of the batch that is being sent left out; further ones are dropped. APISIX's default of the plugin's metadata.</summary>
    public int PendingMax { get; init; } = 8192;
}
