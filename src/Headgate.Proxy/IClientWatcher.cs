namespace Headgate.Proxy;

/// <summary>Something a request waits for that is not a connection: told when its client goes away.</summary>
internal interface IClientWatcher
{
    /// <summary>The client is gone: the wait is to end. Any thread; returns at once. Called once at most.</summary>
    void OnClientGone();
}
