namespace Headgate.Proxy.Transport;

/// <summary>Something that is done for one client and for nothing once that client is gone.</summary>
public interface IClientBound
{
    /// <summary>The client is gone. Any thread, at most once; never blocks.</summary>
    void OnClientGone();
}
