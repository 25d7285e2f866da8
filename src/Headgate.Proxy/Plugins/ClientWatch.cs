namespace Headgate.Proxy.Plugins;

/// <summary>Cancels a call when the client that it is made for goes away. Used by the request's flow; disposed of when the call has ended.</summary>
internal sealed class ClientWatch : IClientWatcher, IDisposable
{
    private readonly Exchange _exchange;

    // Without a timer and never waited on, so that nothing is lost when it is not disposed of: the client may go away at any later time.
    private readonly CancellationTokenSource _gone = new();

    /// <summary>Begins to watch.</summary>
    public ClientWatch(PluginContext context)
    {
        _exchange = context.Exchange;
        if (!_exchange.Watch(this))
            OnClientGone();
    }

    /// <summary>Cancelled when the client goes away.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <inheritdoc/>
    public void OnClientGone() => _ = _gone.CancelAsync(); // what hears of it runs elsewhere: this thread serves traffic

    /// <inheritdoc/>
    public void Dispose() => _exchange.Unwatch();
}
