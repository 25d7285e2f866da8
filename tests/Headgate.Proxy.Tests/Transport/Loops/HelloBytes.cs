using System.Buffers.Binary;
using System.Text;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>Writes ClientHellos, right ones and wrong ones.</summary>
internal sealed record HelloBytes
{
    public string? ServerName { get; init; }

    /// <summary>Null = no ALPN extension.</summary>
    public string[]? Protocols { get; init; }

    public int SessionIdBytes { get; init; } = 32;

    public int CipherBytes { get; init; } = 4;

    public int CompressionBytes { get; init; } = 1;

    /// <summary>Further extensions, in front of the others.</summary>
    public (int Type, byte[] Body)[] Extensions { get; init; } = [];

    public bool WithoutExtensions { get; init; }

    public static byte[] Name(string name) => Vector(2, [0, .. Vector(2, Encoding.Latin1.GetBytes(name))]);

    public static byte[] Protocol(params string[] names) => Vector(2, [.. names.SelectMany(n => Vector(1, Encoding.Latin1.GetBytes(n)))]);

    public static byte[] Record(byte[] message, int type = 22, int major = 3) => [(byte)type, (byte)major, 1, .. Vector(2, message)];

    public byte[] Message()
    {
        byte[] body =
        [
            3, 3, .. new byte[32], .. Vector(1, new byte[SessionIdBytes]), .. Vector(2, new byte[CipherBytes]), .. Vector(1, new byte[CompressionBytes]),
            .. WithoutExtensions ? [] : Vector(2, [.. All().SelectMany(e => (byte[])[.. Number(e.Type), .. Vector(2, e.Body)])]),
        ];
        return [1, .. Vector(3, body)];
    }

    public byte[] Record() => Record(Message());

    private IEnumerable<(int Type, byte[] Body)> All()
    {
        foreach ((int Type, byte[] Body) extension in Extensions)
            yield return extension;
        if (ServerName is not null)
            yield return (0, Name(ServerName));
        if (Protocols is not null)
            yield return (16, Protocol(Protocols));
    }

    private static byte[] Vector(int lengthBytes, byte[] content)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length[(4 - lengthBytes)..], .. content];
    }

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];
}
