using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// The TLS of one connection to a client, between a non-blocking socket and plain bytes. It owns an SSL of OpenSSL's and, only while something is left over, rented
/// memory. Errors are values: after the first, every call answers <see cref="Broken"/> and OpenSSL is not called again, as it demands.
/// <para>
/// Used by the thread that opened it and no other; after <see cref="Dispose"/>, which may be called twice, every call answers <see cref="Broken"/>. The socket is the
/// caller's.
/// </para>
/// </summary>
internal sealed unsafe class TlsSession : IDisposable
{
    /// <summary>Nothing can be moved now.</summary>
    public const int WouldBlock = -1;

    /// <summary>The connection is of no further use.</summary>
    public const int Broken = -2;

    /// <summary>
    /// Records in a row that bring no data: changes of keys, alerts, attempts to renegotiate. Each costs more to read than to send, and OpenSSL sets no bound to them.
    /// </summary>
    private const int RecordsWithoutDataMax = 64;

    private readonly TlsWire _wire;
    private nint _ssl;
    private CipherBytes _unread;
    private CipherBytes _unsent;

    // Plain bytes of the last send that are in _unsent as records, and so have not been reported as sent.
    private int _plainUnsent;
    private int _recordsLeft = RecordsWithoutDataMax;
    private ulong _error;
    private bool _established;
    private bool _failed;
    private bool _finished;
    private bool _peerFinished;
    private bool _holdsPlain;

    // The flight of a handshake is longer than the wire.
    private bool _wantsOutput;

    /// <summary>Takes over <paramref name="ssl"/>, whose BIO is <paramref name="wire"/>'s.</summary>
    public TlsSession(nint ssl, TlsWire wire)
    {
        _ssl = ssl;
        _wire = wire;
    }

    /// <summary>Whether the handshake is complete.</summary>
    public bool IsEstablished => _established;

    /// <summary>Why it is broken, for people; null while it is not. It holds nothing that the peer chose.</summary>
    public string? Failure => !_failed ? null : _error != 0 ? OpenSsl.ReasonOf(_error) : "the connection ended without close_notify";

    /// <summary>The host name that the client asked for (SNI); null when it did not. Known after the handshake. Allocates.</summary>
    public string? ServerName => _ssl == 0 ? null : Marshal.PtrToStringUTF8(OpenSsl.SSL_get_servername(_ssl, OpenSsl.TLSEXT_NAMETYPE_host_name));

    /// <summary>Whether the client has shown a certificate, and it was found good. Known after the handshake.</summary>
    public bool HasGoodClientCertificate =>
        _established && _ssl != 0 && OpenSsl.SSL_get0_peer_certificate(_ssl) != 0 && OpenSsl.SSL_get_verify_result(_ssl) == OpenSsl.X509_V_OK;

    /// <summary>The version agreed on: <c>TLSv1.3</c>. Null when disposed. Allocates.</summary>
    public string? Version => _ssl == 0 ? null : Marshal.PtrToStringUTF8(OpenSsl.SSL_get_version(_ssl));

    /// <summary>Goes on with the handshake as far as the socket has bytes. <see cref="TlsStep.NeedsInput"/>: the socket is known to be empty.</summary>
    public TlsStep Handshake(int fd)
    {
        if (_ssl == 0 || _failed)
            return TlsStep.Failed;
        bool socketIsEmpty = false;
        while (true)
        {
            if (!_unsent.IsEmpty && SendHeld(fd) is < 0 and var blocked)
                return blocked == WouldBlock ? TlsStep.NeedsOutput : TlsStep.Failed;
            if (_established)
                return TlsStep.Done;
            if (!_wantsOutput && !TakeUp(fd, TlsWire.InBytes, ref socketIsEmpty, out int ended))
                return ended == WouldBlock ? TlsStep.NeedsInput : TlsStep.Failed;
            StepHandshake(fd);
            if (_failed)
                return TlsStep.Failed;
        }
    }

    /// <summary>
    /// Receives once and decrypts. The number of plain bytes; 0 when the peer has finished in order (close_notify); <see cref="WouldBlock"/>; or <see cref="Broken"/>, also
    /// when the stream ended without close_notify: what came before may have been cut by somebody else.
    /// </summary>
    /// <param name="fd">The socket.</param>
    /// <param name="into">Where to; not empty.</param>
    /// <param name="peerFinished">Whether the socket is known to have come to its end: a short receive does not mean that nothing follows.</param>
    /// <param name="hasMore">Whether there may be more without another event of the socket.</param>
    public int Receive(int fd, Span<byte> into, bool peerFinished, out bool hasMore)
    {
        hasMore = false;
        if (!_established || _failed)
            return Broken;
        bool socketIsEmpty = false;
        int total = 0;
        do
        {
            if (!_peerFinished && !_holdsPlain && !TakeUp(fd, into.Length, ref socketIsEmpty, out int ended))
                return ended;
            if (!_peerFinished)
                total = Decrypt(into);
            if (_wire.Out.Length > 0)
                SendOrHold(fd);
            _unread.Keep(_wire.In);
            _wire.ClearIn();
            socketIsEmpty &= !peerFinished;
        }
        while (total == 0 && !_failed && !_peerFinished);

        hasMore = _holdsPlain || !_unread.IsEmpty || _peerFinished || _failed || !socketIsEmpty;
        return total > 0 ? total : _failed ? Broken : 0;
    }

    /// <summary>
    /// Encrypts and sends. The number of plain bytes whose records the socket has taken; <see cref="WouldBlock"/> when it did not take all of a record: the next call must come
    /// with the same bytes, and more of them if there are; or <see cref="Broken"/>.
    /// </summary>
    public int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        if (!_established || _failed || _finished)
            return Broken;
        if (!_unsent.IsEmpty && SendHeld(fd) is < 0 and var blocked)
            return blocked;
        if (_plainUnsent > 0)
        {
            int sent = _plainUnsent;
            _plainUnsent = 0;
            return sent;
        }

        int count = Math.Min(bytes.Length, TlsWire.EncryptedAtOnce);
        if (count == 0)
            return 0;
        OpenSsl.ERR_clear_error();
        int written;
        fixed (byte* start = bytes)
        {
            written = OpenSsl.SSL_write(_ssl, start, count);
        }

        if (written != count)
        {
            Fail();
            return Broken;
        }

        SendOrHold(fd);
        if (_failed)
            return Broken;
        if (_unsent.IsEmpty)
            return count;
        _plainUnsent = count;
        return WouldBlock;
    }

    /// <summary>
    /// Tells the peer that nothing follows (close_notify), as far as the socket takes it; receiving goes on. Nothing happens on a broken connection, in a handshake, and when
    /// records wait to be sent: an alert between them would break what was sent.
    /// </summary>
    public void Finish(int fd)
    {
        if (!_established || _failed || _finished)
            return;
        _finished = true;
        if (!_unsent.IsEmpty && SendHeld(fd) < 0)
            return;
        OpenSsl.ERR_clear_error();
        _ = OpenSsl.SSL_shutdown(_ssl);
        SendOrHold(fd);
        _unsent.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        nint ssl = _ssl;
        _ssl = 0;
        _established = false;
        _failed = true;
        _unread.Clear();
        _unsent.Clear();
        if (ssl != 0)
            OpenSsl.SSL_free(ssl);
    }

    private void StepHandshake(int fd)
    {
        OpenSsl.ERR_clear_error();
        _wire.RecordsLeft = int.MaxValue;
        int result = OpenSsl.SSL_do_handshake(_ssl);
        int error = result == 1 ? 0 : OpenSsl.SSL_get_error(_ssl, result);
        _established = result == 1;
        _wantsOutput = error == OpenSsl.SSL_ERROR_WANT_WRITE;
        if (error is not (0 or OpenSsl.SSL_ERROR_WANT_READ or OpenSsl.SSL_ERROR_WANT_WRITE))
            Fail();

        SendOrHold(fd);
        _unread.Keep(_wire.In);
        _wire.ClearIn();
    }

    /// <summary>Fills the wire with what was left over, else with what the socket has, at most <paramref name="bytesMax"/>. False with the reason when there is nothing.</summary>
    private bool TakeUp(int fd, int bytesMax, ref bool socketIsEmpty, out int ended)
    {
        ended = 0;
        if (!_unread.IsEmpty)
        {
            ReadOnlySpan<byte> left = _unread.Bytes;
            left.CopyTo(_wire.Space());
            _wire.Received(left.Length);
            _unread.Clear();
            return true;
        }

        ended = WouldBlock;
        if (socketIsEmpty)
            return false;
        Span<byte> space = _wire.Space()[..Math.Min(bytesMax, TlsWire.InBytes)];
        nint count;
        fixed (byte* start = space)
        {
            count = LibC.recv(fd, start, space.Length, 0);
        }

        if (count > 0)
        {
            socketIsEmpty = count < space.Length;
            _wire.Received((int)count);
            return true;
        }

        if (count < 0 && LibC.Errno == LibC.EAGAIN)
            return false;
        _failed = true;
        ended = Broken;
        return false;
    }

    /// <summary>Decrypts what the wire has, until <paramref name="into"/> is full or no whole record is left. The number of bytes.</summary>
    private int Decrypt(Span<byte> into)
    {
        int total = 0;
        fixed (byte* start = into)
        {
            while (total < into.Length)
            {
                _wire.RecordsLeft = _recordsLeft;
                OpenSsl.ERR_clear_error();
                int asked = into.Length - total;
                int count = OpenSsl.SSL_read(_ssl, start + total, asked);
                if (count <= 0)
                {
                    _recordsLeft = _wire.RecordsLeft;
                    EndDecrypting(count);
                    _holdsPlain = false;
                    return total;
                }

                _recordsLeft = RecordsWithoutDataMax;
                total += count;

                // Less than asked for: the record is used up; and without bytes on the wire there is no other. No call to find that out.
                if (count < asked && _wire.IsInEmpty)
                    break;
            }
        }

        _holdsPlain = total == into.Length && OpenSsl.SSL_pending(_ssl) > 0;
        return total;
    }

    private void EndDecrypting(int result)
    {
        switch (OpenSsl.SSL_get_error(_ssl, result))
        {
            case OpenSsl.SSL_ERROR_WANT_READ:
                break;
            case OpenSsl.SSL_ERROR_ZERO_RETURN:
                _peerFinished = true;
                break;
            default:
                Fail();
                break;
        }
    }

    /// <summary>Sends what the wire has; what the socket does not take is held.</summary>
    private void SendOrHold(int fd)
    {
        ReadOnlySpan<byte> bytes = _wire.Out;
        if (_unsent.IsEmpty)
        {
            int sent = SendNow(fd, bytes);
            if (sent != Broken)
                _unsent.Keep(bytes[Math.Max(0, sent)..]);
        }
        else if (!_failed)
        {
            // Only answers to what was received come here (alerts): a peer that does not read them gets no more of them.
            _failed = true;
        }

        _wire.ClearOut();
    }

    /// <summary>Sends what is held. 0 when all of it went.</summary>
    private int SendHeld(int fd)
    {
        int sent = SendNow(fd, _unsent.Bytes);
        if (sent < 0)
            return sent;
        _unsent.Drop(sent);
        return _unsent.IsEmpty ? 0 : WouldBlock;
    }

    private int SendNow(int fd, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        nint count;
        fixed (byte* start = bytes)
        {
            count = LibC.send(fd, start, bytes.Length, LibC.MSG_NOSIGNAL);
        }

        if (count >= 0)
            return (int)count;
        if (LibC.Errno == LibC.EAGAIN)
            return WouldBlock;
        _failed = true;
        return Broken;
    }

    private void Fail()
    {
        _failed = true;
        _error = OpenSsl.ERR_peek_error();
        OpenSsl.ERR_clear_error();
    }
}
