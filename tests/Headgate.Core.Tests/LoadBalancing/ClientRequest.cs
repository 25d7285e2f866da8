using System.Text;
using Headgate.Core.Primitives;

namespace Headgate.Core.Tests.LoadBalancing;

/// <summary>A request of a given client, path and headers.</summary>
internal sealed class ClientRequest(uint client, string uri = "/", params (string Name, string Value)[] headers) : IRequestView
{
    private readonly byte[] _uri = Encoding.ASCII.GetBytes(uri);
    private readonly (byte[] Name, byte[] Value)[] _headers = Array.ConvertAll(headers, h => (Encoding.ASCII.GetBytes(h.Name), Encoding.ASCII.GetBytes(h.Value)));

    public static ClientRequest Any { get; } = new(0x7F00_0001);

    public ReadOnlySpan<byte> Method => "GET"u8;

    public ReadOnlySpan<byte> Host => "a.test"u8;

    public ReadOnlySpan<byte> Path => _uri.AsSpan() is var all && all.IndexOf((byte)'?') is var mark and >= 0 ? all[..mark] : all;

    public ReadOnlySpan<byte> RequestUri => _uri;

    public ReadOnlySpan<byte> Query => _uri.AsSpan() is var all && all.IndexOf((byte)'?') is var mark and >= 0 ? all[(mark + 1)..] : default;

    public ReadOnlySpan<byte> Scheme => "http"u8;

    public UInt128 ClientAddress => ((UInt128)0xFFFF << 32) | client;

    public int ClientPort => 40_000;

    public UInt128 ServerAddress => ((UInt128)0xFFFF << 32) | 0x7F00_0001;

    public int ServerPort => 9080;

    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach ((byte[] known, byte[] content) in _headers)
        {
            if (name.SequenceEqual(known))
            {
                value = content;
                return true;
            }
        }

        value = default;
        return false;
    }
}
