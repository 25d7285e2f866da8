using System.Buffers.Text;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Headgate.Tests.EndToEnd;

/// <summary>
/// A client on one kept connection that reads answers with Content-Length and fails on anything else. It speaks plain bytes, so that nothing is retried
/// or mended behind the test's back.
/// </summary>
internal sealed class KeptClient : IDisposable
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private SslStream? _tls;

    /// <summary>Whether the last answer said that the connection ends with it.</summary>
    public bool IsClosing { get; private set; }

    public static async Task<KeptClient> ConnectAsync(int port)
    {
        var client = new KeptClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Connects to <c>gateway.test</c> in TLS, whose certificate <paramref name="authority"/> has signed.</summary>
    public static async Task<KeptClient> ConnectTlsAsync(int port, X509Certificate2 authority)
    {
        KeptClient client = await ConnectAsync(port);
        client._tls = new SslStream(new NetworkStream(client._socket));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck };
        await client._tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "gateway.test", CertificateChainPolicy = trust });
        return client;
    }

    /// <summary>The bytes of a GET.</summary>
    public static byte[] Get(string path, string more = "") => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: gateway.test\r\n{more}\r\n");

    /// <summary>Sends <paramref name="request"/> and reads the whole answer; returns its status and body, which is valid until the next call.</summary>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> AskAsync(ReadOnlyMemory<byte> request)
    {
        try
        {
            if (_tls is null)
                await _socket.SendAsync(request);
            else
                await _tls.WriteAsync(request);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new ConnectionClosedException(0, e);
        }

        int end = 0, headEnd;
        while ((headEnd = _buffer.AsSpan(0, end).IndexOf("\r\n\r\n"u8)) < 0)
            end += await FillAsync(end);
        (int status, int length, IsClosing) = ReadHead(_buffer.AsSpan(0, headEnd + 2));
        int bodyStart = headEnd + 4;
        while (end < bodyStart + length)
            end += await FillAsync(end);
        return (status, _buffer.AsMemory(bodyStart, length));
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private static (int Status, int Length, bool Closing) ReadHead(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf("\r\nContent-Length: "u8);
        if (at < 0 || !Utf8Parser.TryParse(head[(at + 18)..], out int length, out _) || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out _))
            throw new InvalidDataException("no length in: " + Encoding.ASCII.GetString(head));
        return (status, length, head.IndexOf("\r\nConnection: close\r\n"u8) >= 0);
    }

    private async ValueTask<int> FillAsync(int end)
    {
        try
        {
            int count = _tls is null ? await _socket.ReceiveAsync(_buffer.AsMemory(end)) : await _tls.ReadAsync(_buffer.AsMemory(end));
            return count > 0 ? count : throw new ConnectionClosedException(end, null);
        }
        catch (Exception e) when (e is SocketException or (IOException and not ConnectionClosedException))
        {
            throw new ConnectionClosedException(end, e);
        }
    }
}
