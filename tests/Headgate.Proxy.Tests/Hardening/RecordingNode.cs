using System.Globalization;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// A node that keeps every byte it is sent, a text a connection, and answers each whole request in it with 200 and <c>ok</c>. It reads framing by the letter of RFC
/// 9112, as a node does that trusts its gateway.
/// </summary>
internal sealed class RecordingNode : IAsyncDisposable
{
    private readonly List<StringBuilder> _received = [];
    private readonly ScriptedNode _node;

    public RecordingNode(string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") => _node = ScriptedNode.Start(peer => ServeAsync(peer, answer));

    public int Port => _node.Port;

    /// <summary>What came on each connection, in the order they were opened.</summary>
    public IReadOnlyList<string> Received
    {
        get
        {
            lock (_received)
                return [.. _received.Select(text => text.ToString())];
        }
    }

    /// <summary>Waits until every connection has ended, so that <see cref="Received"/> is all there is.</summary>
    public Task EndedAsync() => Eventually.HoldsAsync(() => _node.Open == 0, "the gateway has closed its connections to the node");

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private async Task ServeAsync(ScriptedPeer peer, string answer)
    {
        var text = new StringBuilder();
        lock (_received)
            _received.Add(text);
        byte[] buffer = new byte[65_536];
        int answered = 0;
        while (await peer.Socket.ReceiveAsync(buffer, peer.Stopping) is var count and > 0)
        {
            lock (_received)
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            while (EndOfRequest(text.ToString(), answered) is var end and > 0)
            {
                bool isHead = text.ToString(answered, 5) == "HEAD ";
                await peer.SendAsync(isHead ? answer[..(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)] : answer);
                answered = end;
            }
        }
    }

    /// <summary>Behind the request that begins at <paramref name="start"/>; −1 when it is not whole.</summary>
    private static int EndOfRequest(string text, int start)
    {
        int body = text.IndexOf("\r\n\r\n", start, StringComparison.Ordinal) + 4;
        if (body < 4)
            return -1;
        string[] lines = text[start..body].ToLowerInvariant().Split("\r\n");
        if (lines.Contains("transfer-encoding: chunked"))
            return EndOfChunks(text, body);
        string? length = lines.SingleOrDefault(line => line.StartsWith("content-length: ", StringComparison.Ordinal));
        int end = body + (length is null ? 0 : int.Parse(length.AsSpan(16), NumberStyles.None, CultureInfo.InvariantCulture));
        return end <= text.Length ? end : -1;
    }

    private static int EndOfChunks(string text, int at)
    {
        while (text.IndexOf("\r\n", at, StringComparison.Ordinal) is var line and >= 0)
        {
            int size = int.Parse(text.AsSpan(at, line - at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                int end = text.IndexOf("\r\n\r\n", line, StringComparison.Ordinal);
                return end < 0 ? -1 : end + 4;
            }

            at = line + 2 + size + 2;
            if (at > text.Length)
                return -1;
        }

        return -1;
    }
}
