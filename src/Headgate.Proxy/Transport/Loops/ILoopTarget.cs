namespace Headgate.Proxy.Transport.Loops;

/// <summary>Something registered with an <see cref="EventLoop"/>; called on its thread.</summary>
internal interface ILoopTarget
{
    /// <summary>What changed about its descriptor: EPOLL* bits. Never blocks, never throws for anything a peer does.</summary>
    void OnEvents(uint events);

    /// <summary>A mistake of ours ended in an exception: closes the descriptor.</summary>
    void OnBug();
}
