namespace Headgate.Metrics;

/// <summary>Something that has numbers for the metrics page.</summary>
internal interface IMetricsSource
{
    /// <summary>Writes its numbers as they are now. Called at every scrape, possibly by several threads at once, never on a thread that serves traffic.</summary>
    void Write(MetricsWriter writer);
}
