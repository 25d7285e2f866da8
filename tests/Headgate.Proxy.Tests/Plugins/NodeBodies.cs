using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>Bodies that nodes of tests send.</summary>
internal static class NodeBodies
{
    /// <summary>Trailers of a chunked body.</summary>
    public const string Trailers = "X-Sum: 7\r\nX-More: yes\r\n";

    /// <summary>Text of that many bytes, the same each time, that compresses somewhat.</summary>
    public static byte[] Make(int length)
    {
        string[] words = ["upstream ", "node ", "gateway\n", "7", "of ", "route, ", "plugin ", "answer "];
        var text = new StringBuilder();
        for (uint state = 12345; text.Length < length; state = (state * 1664525) + 1013904223)
            text.Append(words[state >> 29]);
        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    /// <summary>Sends an answer of status 200 with <paramref name="fields"/>, chunked in pieces of odd lengths, or with its length.</summary>
    public static async Task SendAsync(ScriptedPeer peer, byte[] body, bool chunked, string fields, string trailers = "")
    {
        if (!chunked)
        {
            await peer.SendAsync($"HTTP/1.1 200 OK\r\n{fields}Content-Length: {body.Length}\r\n\r\n");
            await peer.SendAsync(body);
            return;
        }

        await peer.SendAsync($"HTTP/1.1 200 OK\r\n{fields}Transfer-Encoding: chunked\r\n\r\n");
        for (int at = 0, piece = 1; at < body.Length; at += piece, piece = Math.Min((piece * 3) + 1, 50_000))
        {
            piece = Math.Min(piece, body.Length - at);
            byte[] chunk = [.. Encoding.ASCII.GetBytes($"{piece:x}\r\n"), .. body.AsSpan(at, piece), .. "\r\n"u8];
            await peer.SendAsync(chunk);
        }

        await peer.SendAsync($"0\r\n{trailers}\r\n");
    }
}
