using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Headgate.Proxy.Dns;

/// <summary>A name server: asks it, and keeps what is known about it. Thread-safe.</summary>
internal sealed class DnsServer(IPEndPoint address, TimeProvider time)
{
    /// <summary>How long a server that was silent or out of reach is asked last. Unbound and c-ares do the same by longer rules.</summary>
    public static readonly TimeSpan ShunnedFor = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Answers that fit no question, to one question, before the server is given up for it: whoever guesses the number of a question gets few tries (RFC 5452 §9).
    /// </summary>
    private const int UnwantedMax = 32;

    /// <summary>Longest datagram that is read; servers are asked for less.</summary>
    private const int DatagramBufferBytes = 4096;

    // Written by whoever asked it last, read by whoever chooses a server.
    private long _shunnedUntil = long.MinValue;
    private volatile bool _isSilent;
    private volatile bool _knowsNoEdns;

    /// <summary>Where it is.</summary>
    public IPEndPoint Address => address;

    /// <summary>Whether others are asked first, because it did not answer lately.</summary>
    public bool IsShunned => time.GetTimestamp() < Volatile.Read(ref _shunnedUntil);

    /// <summary>It did not answer. True when it did before.</summary>
    public bool MarkSilent()
    {
        Volatile.Write(ref _shunnedUntil, time.GetTimestamp() + (long)(ShunnedFor.TotalSeconds * time.TimestampFrequency));
        bool wasSilent = _isSilent;
        _isSilent = true;
        return !wasSilent;
    }

    /// <summary>It answered. True when it did not the last time.</summary>
    public bool MarkAnswering()
    {
        bool wasSilent = _isSilent;
        _isSilent = false;
        Volatile.Write(ref _shunnedUntil, long.MinValue);
        return wasSilent;
    }

    /// <summary>
    /// Asks once: by UDP, by TCP when the answer does not fit, without EDNS when the server does not know it. Returns on a thread of the pool.
    /// </summary>
    /// <exception cref="DnsException">The answer is malformed or there were too many that fit no question; the text names the server.</exception>
    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: the caller's bound on the time.</exception>
    public async Task<DnsReply> AskAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        bool edns = !_knowsNoEdns;
        DnsReply reply = await AskOnceAsync(question, edns, cancellationToken);
        if (edns && reply.Code is DnsCode.FormatError or DnsCode.NotImplemented or DnsCode.BadVersion)
        {
            reply = await AskOnceAsync(question, edns: false, cancellationToken);
            _knowsNoEdns = reply.Code is DnsCode.NoError or DnsCode.NoSuchName;
        }

        return reply;
    }

    private async Task<DnsReply> AskOnceAsync(DnsQuestion question, bool edns, CancellationToken cancellationToken)
    {
        // The number of a question has to be a surprise, and so its port: a socket of its own each time, whose port the kernel draws.
        ushort id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        byte[] query = new byte[DnsQuery.BytesMax];
        ReadOnlyMemory<byte> written = query.AsMemory(0, DnsQuery.Write(query, id, question, edns));
        DnsReply reply = await AskByUdpAsync(id, question, written, cancellationToken);
        return reply.IsTruncated ? await AskByTcpAsync(id, question, written, cancellationToken) : reply;
    }

    private async Task<DnsReply> AskByUdpAsync(ushort id, DnsQuestion question, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        // Connected, so that the kernel drops what comes from elsewhere and tells when nobody listens there.
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(address, cancellationToken);
        await socket.SendAsync(query, cancellationToken);
        byte[] received = new byte[DatagramBufferBytes];
        for (int unwanted = 0; unwanted < UnwantedMax; unwanted++)
        {
            int count = await socket.ReceiveAsync(received, cancellationToken);
            await LeaveIoThreadAsync();
            if (DnsReply.Fits(received.AsSpan(0, count), id, question))
                return Read(received.AsSpan(0, count), "UDP");
        }

        throw new DnsException($"name server {address}: {UnwantedMax} answers that fit no question");
    }

    private async Task<DnsReply> AskByTcpAsync(ushort id, DnsQuestion question, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address, cancellationToken);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        byte[] framed = new byte[sizeof(ushort) + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed.AsMemory(sizeof(ushort)));
        byte[] received;
        try
        {
            await stream.WriteAsync(framed, cancellationToken);
            await stream.ReadExactlyAsync(framed.AsMemory(0, sizeof(ushort)), cancellationToken);
            received = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
            await stream.ReadExactlyAsync(received, cancellationToken);
        }
        catch (IOException e)
        {
            throw new DnsException($"name server {address}: the TCP connection ended before an answer was there: {e.Message}", e);
        }
        finally
        {
            await LeaveIoThreadAsync();
        }

        if (!DnsReply.Fits(received, id, question))
            throw new DnsException($"name server {address}: an answer by TCP that does not fit the question");
        DnsReply reply = Read(received, "TCP");
        return reply.IsTruncated ? throw new DnsException($"name server {address}: an answer by TCP that is cut short") : reply;
    }

    private DnsReply Read(ReadOnlySpan<byte> message, string by)
    {
        try
        {
            return DnsReply.Read(message);
        }
        catch (DnsException e)
        {
            throw new DnsException($"name server {address}: a malformed answer by {by}: {e.Message}", e);
        }
    }

    /// <summary>Completions of sockets may run on the one thread that waits for all of them: reading an answer and what its askers do then is not done there.</summary>
    private static async Task LeaveIoThreadAsync() => await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
