using System.Buffers.Binary;
using System.Net;
using System.Text;
using Headgate.Core.Primitives;

namespace Headgate.Testing;

/// <summary>A request view over given parts, for tests of what only reads requests.</summary>
public sealed class TestRequest : IRequestView
{
    private readonly List<(byte[] Name, byte[] Value)> _headers = [];
    private readonly byte[] _method;
    private readonly byte[] _host;
    private readonly byte[] _path;
    private readonly byte[] _query;
    private readonly byte[] _requestUri;

    /// <summary>A GET of a path (decoded) on a host, from 192.0.2.1:50000 to 198.51.100.1:9080.</summary>
    public TestRequest(string host, string path, string query = "", string method = "GET", string clientAddress = "192.0.2.1")
    {
        _host = Encoding.UTF8.GetBytes(host);
        _path = Encoding.UTF8.GetBytes(path);
        _query = Encoding.UTF8.GetBytes(query);
        _method = Encoding.UTF8.GetBytes(method);
        _requestUri = query.Length == 0 ? _path : [.. _path, (byte)'?', .. _query];
        ClientAddress = Bits(clientAddress);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Method => _method;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Host => _host;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Path => _path;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RequestUri => _requestUri;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Query => _query;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Scheme => "http"u8;

    /// <inheritdoc/>
    public UInt128 ClientAddress { get; }

    /// <inheritdoc/>
    public int ClientPort => 50000;

    /// <inheritdoc/>
    public UInt128 ServerAddress { get; } = Bits("198.51.100.1");

    /// <inheritdoc/>
    public int ServerPort => 9080;

    /// <summary>An address as a request carries it.</summary>
    public static UInt128 Bits(string address) => BinaryPrimitives.ReadUInt128BigEndian(IPAddress.Parse(address).MapToIPv6().GetAddressBytes());

    /// <summary>Adds a header field; the name is lower-cased.</summary>
    public TestRequest With(string name, string value)
    {
        _headers.Add((Encoding.UTF8.GetBytes(name.ToLowerInvariant()), Encoding.UTF8.GetBytes(value)));
        return this;
    }

    /// <inheritdoc/>
    public bool TryGetHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach ((byte[] present, byte[] text) in _headers)
        {
            if (name.SequenceEqual(present))
            {
                value = text;
                return true;
            }
        }

        value = default;
        return false;
    }
}
