namespace Headgate.Proxy.Fronts;

/// <summary>Who serves a new connection.</summary>
internal enum FirstBytesVerdict
{
    /// <summary>Not known yet: look again when more has arrived.</summary>
    Wait,

    /// <summary>The event loop that accepted it.</summary>
    OwnLoop,

    /// <summary>Kestrel: it speaks HTTP/2, or may.</summary>
    Kestrel,

    /// <summary>Nobody: it speaks no TLS where TLS is spoken, and is told so.</summary>
    ClearText,
}
