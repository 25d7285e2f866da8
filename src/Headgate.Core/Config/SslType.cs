namespace Headgate.Core.Config;

/// <summary>To whom a certificate is shown.</summary>
public enum SslType
{
    /// <summary><c>server</c>: to clients that ask for one of its names.</summary>
    Server,

    /// <summary><c>client</c>: to nodes, by upstreams that name it.</summary>
    Client,
}
