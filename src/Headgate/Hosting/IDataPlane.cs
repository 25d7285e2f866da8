namespace Headgate.Hosting;

/// <summary>What serves traffic, as the host starts and stops it.</summary>
internal interface IDataPlane : IAsyncDisposable
{
    /// <summary>Opens the traffic listeners.</summary>
    /// <exception cref="ListenException">A listener cannot be had.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Takes no new connections and waits for the requests under way; when <paramref name="cancellationToken"/> is cancelled, the rest is cut off.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
