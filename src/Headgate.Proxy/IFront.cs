namespace Headgate.Proxy;

/// <summary>The listening side of the data plane.</summary>
internal interface IFront : IAsyncDisposable
{
    /// <summary>The addresses bound, in the order of the listeners; known after <see cref="StartAsync"/>.</summary>
    IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Binds the listeners and begins to serve.</summary>
    /// <exception cref="IOException">An address is in use or cannot be bound.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stops taking clients, closes idle connections, and waits for the requests under way until <paramref name="cancellationToken"/> is cancelled; then ends them.
    /// </summary>
    Task StopAsync(CancellationToken cancellationToken);
}
