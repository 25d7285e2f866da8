using Microsoft.Extensions.Hosting;

namespace Headgate.Hosting;

/// <summary>Leaves signals and the order of stopping to <see cref="GatewayHost"/>: the usual lifetime would take every Ctrl-C for itself.</summary>
internal sealed class GatewayLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
