using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>Owns one reference to an SSL_CTX. Connections made from it have their own and outlive it.</summary>
internal sealed class SslContextHandle : SafeHandle
{
    /// <summary>Takes over <paramref name="context"/>.</summary>
    public SslContextHandle(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        OpenSsl.SSL_CTX_free(handle);
        return true;
    }
}
