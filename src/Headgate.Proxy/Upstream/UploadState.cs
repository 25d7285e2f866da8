namespace Headgate.Proxy.Upstream;

/// <summary>How far a <see cref="BodyUpload"/> got.</summary>
public enum UploadState
{
    /// <summary>There is nothing to send, or it has not begun.</summary>
    None,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>The node has the whole body.</summary>
    Sent,

    /// <summary>The node stopped taking it.</summary>
    NodeFailed,

    /// <summary>The client broke it off.</summary>
    ClientFailed,
}
