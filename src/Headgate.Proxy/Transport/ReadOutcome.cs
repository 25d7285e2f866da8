namespace Headgate.Proxy.Transport;

/// <summary>How a <see cref="TransportConnection.ReadAsync"/> ended.</summary>
public enum ReadOutcome
{
    /// <summary>There are more bytes in <see cref="TransportConnection.Unread"/>.</summary>
    Data,

    /// <summary>The peer has finished sending (FIN, or TLS close_notify); no bytes were added. It may still receive.</summary>
    End,

    /// <summary>The connection is broken: reset by the peer, or aborted here (see <see cref="TransportConnection.EndCause"/>).</summary>
    Failed,
}
