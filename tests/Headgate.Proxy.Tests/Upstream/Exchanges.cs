using System.Net;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Upstream;

/// <summary>Short words for what the tests of this folder do with connections.</summary>
internal static class Exchanges
{
    public static readonly ConnectionProfile Clear = new(false, null, null, KeepalivePoolConfig.Default);

    public static EndpointState EndpointOf(IPEndPoint address) => new(new NodeState(new NodeKey("upstreams/1", address.Address.ToString(), address.Port)), address);

    public static EndpointState Endpoint(this ScriptedNode node) => EndpointOf(node.EndPoint);

    public static ConnectionProfile ClearWith(int size = 320, double idleSeconds = 60, int requests = 1000) =>
        Clear with { Pool = new KeepalivePoolConfig(size, TimeSpan.FromSeconds(idleSeconds), requests) };

    public static TimeSpan ConnectWithin(double seconds) => TimeSpan.FromSeconds(seconds);

    public static async Task<NodeConnection> RentAsync(this NodeConnections connections, EndpointState endpoint, ConnectionProfile? profile = null, bool fresh = false)
    {
        RentResult result = await connections.RentAsync(endpoint, profile ?? Clear, TimeoutConfig.Default.Connect, fresh);
        result.Failure.ShouldBe(AttemptFailure.None);
        return result.Connection.ShouldNotBeNull();
    }

    public static void Write(this TransportConnection transport, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> space = transport.GetSpan(1);
            int piece = Math.Min(space.Length, bytes.Length);
            bytes[..piece].CopyTo(space);
            transport.Advance(piece);
            bytes = bytes[piece..];
        }
    }

    /// <summary>Sends GET and reads a whole answer with Content-Length; the body, or null when the connection ended first.</summary>
    public static async Task<string?> GetAsync(this NodeConnection connection, string path = "/")
    {
        TransportConnection transport = connection.Transport;
        transport.Write(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: a.test\r\n\r\n"));
        return await transport.FlushAsync() ? await transport.ReadAnswerAsync() : null;
    }

    public static async Task<string?> ReadAnswerAsync(this TransportConnection transport)
    {
        int head;
        while ((head = transport.Unread.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (await transport.ReadAsync() != ReadOutcome.Data)
            {
                return null;
            }
        }

        string text = Encoding.Latin1.GetString(transport.Unread[..(head + 4)]);
        int at = text.IndexOf("Content-Length: ", StringComparison.Ordinal) + "Content-Length: ".Length;
        int length = int.Parse(text.AsSpan(at, text.IndexOf('\r', at) - at), null);
        transport.Consume(head + 4);
        var body = new StringBuilder(length);
        while (body.Length < length)
        {
            int piece = Math.Min(length - body.Length, transport.Unread.Length);
            body.Append(Encoding.Latin1.GetString(transport.Unread[..piece]));
            transport.Consume(piece);
            if (body.Length < length && await transport.ReadAsync() != ReadOutcome.Data)
            {
                return null;
            }
        }

        return body.ToString();
    }
}
