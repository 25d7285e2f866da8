using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// Where the encrypted bytes of a loop's connections pass through: one buffer to receive into and one to send from, used by one <see cref="TlsSession"/> at a time, for
/// the length of one call. OpenSSL sees them as the BIO of the connection, so that a receive is one recv for all records that are there and a send one send for all
/// records that were made. Between two calls both are empty: what is left over goes into memory of the session's own.
/// <para>One per thread that serves TLS; no other thread may touch it.</para>
/// </summary>
internal sealed unsafe class TlsWire
{
    /// <summary>Received at a time, at most.</summary>
    public const int InBytes = 64 * 1024;

    /// <summary>Plain bytes that are made into records and sent at a time, at most: five full records, so that an answer of 64 KiB goes out with its head in one send.</summary>
    public const int EncryptedAtOnce = 80 * 1024;

    // Records of what is encrypted at once, with 29 bytes around each, and a flight of a handshake or an alert beside them.
    private const int OutBytes = EncryptedAtOnce + (16 * 1024);

    private static readonly nint Method = MakeMethod();

    [ThreadStatic]
    private static TlsWire? t_current;

    // Pinned: OpenSSL's callbacks hold addresses.
    private readonly byte[] _in = GC.AllocateUninitializedArray<byte>(InBytes, pinned: true);
    private readonly byte[] _out = GC.AllocateUninitializedArray<byte>(OutBytes, pinned: true);
    private readonly Ports[] _ports = GC.AllocateArray<Ports>(1, pinned: true);

    private TlsWire() => At->Out = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_out));

    /// <summary>The calling thread's.</summary>
    public static TlsWire Current => t_current ??= new TlsWire();

    /// <summary>Whether everything received was taken by OpenSSL.</summary>
    public bool IsInEmpty => At->InLength == 0;

    /// <summary>Received and not taken.</summary>
    public ReadOnlySpan<byte> In => new(At->In, At->InLength);

    /// <summary>To be sent.</summary>
    public ReadOnlySpan<byte> Out => new(At->Out, At->OutLength);

    /// <summary>How many more records OpenSSL is given; then it is told that the connection is broken.</summary>
    public int RecordsLeft
    {
        get => At->RecordsLeft;
        set => At->RecordsLeft = value;
    }

    private Ports* At => (Ports*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_ports));

    /// <summary>Where to receive; <see cref="Received"/> then says how much it was. Nothing may be left of what was received before.</summary>
    public Span<byte> Space() => _in;

    /// <summary>Shows the first <paramref name="count"/> bytes of <see cref="Space"/> to OpenSSL.</summary>
    public void Received(int count)
    {
        At->In = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_in));
        At->InLength = count;
    }

    /// <summary>Forgets what is left.</summary>
    public void ClearIn() => At->InLength = 0;

    /// <summary>Forgets what was to be sent.</summary>
    public void ClearOut() => At->OutLength = 0;

    /// <summary>A new BIO on this wire, for one SSL, which frees it; 0 when there is no memory.</summary>
    public nint NewBio()
    {
        nint bio = OpenSsl.BIO_new(Method);
        if (bio == 0)
            return 0;
        OpenSsl.BIO_set_data(bio, At);
        OpenSsl.BIO_set_init(bio, 1);
        return bio;
    }

    private static nint MakeMethod()
    {
        nint method = OpenSsl.BIO_meth_new(OpenSsl.BIO_get_new_index() | OpenSsl.BIO_TYPE_SOURCE_SINK, "event loop");
        if (method == 0 || OpenSsl.BIO_meth_set_read(method, &Read) != 1 || OpenSsl.BIO_meth_set_write(method, &Write) != 1
            || OpenSsl.BIO_meth_set_ctrl(method, &Control) != 1)
        {
            throw new InvalidOperationException($"OpenSSL takes no BIO: {OpenSsl.TakeError()}");
        }

        return method;
    }

    // Called by OpenSSL inside the calls of TlsSession. They must not throw: they work on checked lengths only.
    [UnmanagedCallersOnly]
    private static int Read(nint bio, byte* into, int length)
    {
        const int RecordHeaderBytes = 5;
        var ports = (Ports*)OpenSsl.BIO_get_data(bio);
        OpenSsl.BIO_clear_flags(bio, OpenSsl.BIO_FLAGS_RETRY_ALL);
        if (into is null || length <= 0)
            return 0;
        if (ports->InLength == 0)
        {
            OpenSsl.BIO_set_flags(bio, OpenSsl.BIO_FLAGS_READ | OpenSsl.BIO_FLAGS_SHOULD_RETRY);
            return -1;
        }

        // Without read-ahead OpenSSL asks for the header of a record, then for the rest of it.
        if (length == RecordHeaderBytes && --ports->RecordsLeft < 0)
            return -1;
        int count = Math.Min(length, ports->InLength);
        Unsafe.CopyBlockUnaligned(into, ports->In, (uint)count);
        ports->In += count;
        ports->InLength -= count;
        return count;
    }

    [UnmanagedCallersOnly]
    private static int Write(nint bio, byte* bytes, int length)
    {
        var ports = (Ports*)OpenSsl.BIO_get_data(bio);
        OpenSsl.BIO_clear_flags(bio, OpenSsl.BIO_FLAGS_RETRY_ALL);
        if (bytes is null || length <= 0)
            return 0;
        int count = Math.Min(length, OutBytes - ports->OutLength);
        if (count == 0)
        {
            OpenSsl.BIO_set_flags(bio, OpenSsl.BIO_FLAGS_WRITE | OpenSsl.BIO_FLAGS_SHOULD_RETRY);
            return -1;
        }

        Unsafe.CopyBlockUnaligned(ports->Out + ports->OutLength, bytes, (uint)count);
        ports->OutLength += count;
        return count;
    }

    [UnmanagedCallersOnly]
    private static nint Control(nint bio, int command, nint number, nint pointer) => command == OpenSsl.BIO_CTRL_FLUSH ? 1 : 0;

    private struct Ports
    {
        public byte* In;
        public byte* Out;
        public int InLength;
        public int OutLength;
        public int RecordsLeft;
    }
}
