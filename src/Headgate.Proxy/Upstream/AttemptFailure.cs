namespace Headgate.Proxy.Upstream;

/// <summary>
/// How a try failed, as a value that says at which step and whose fault it was. Decides whether another node may be tried, what the client is told, and
/// later what health checks learn.
/// </summary>
public enum AttemptFailure
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The node's host name resolves to nothing.</summary>
    Unresolved,

    /// <summary>The connection was refused.</summary>
    Refused,

    /// <summary>No route, or another error of the network while connecting.</summary>
    Unreachable,

    /// <summary>
    /// The gateway itself had none to connect with: no descriptor, no memory, no local port. Says nothing about the node, so that neither checks nor outlier detection
    /// count it; for the request it is as if the node could not be reached.
    /// </summary>
    NoSocket,

    /// <summary>No connection, TLS handshake included, within timeout.connect.</summary>
    ConnectTimeout,

    /// <summary>The TLS handshake failed: protocol, certificate, name.</summary>
    TlsFailed,

    /// <summary>The connection broke while the request was being sent.</summary>
    SendFailed,

    /// <summary>The node took no bytes within timeout.send.</summary>
    SendTimeout,

    /// <summary>The connection ended before the whole head of the answer.</summary>
    ClosedBeforeAnswer,

    /// <summary>No byte of the answer within timeout.read.</summary>
    ReadTimeout,

    /// <summary>The head of the answer breaks HTTP.</summary>
    BadAnswer,

    /// <summary>The answer broke off, timed out or broke HTTP after its head had been passed on: the client's connection is broken off too.</summary>
    BrokenAnswer,

    /// <summary>None of the kind: a node answered with a status that the upstream tries again, and the answer was dropped because another try follows.</summary>
    AnswerDropped,

    /// <summary>The client went away or broke its own body: nobody's fault here, never tried again.</summary>
    ClientFailed,

    /// <summary>None of the kind: another try of the same request was answered first (hedging), and this one was cancelled.</summary>
    Overtaken,
}
