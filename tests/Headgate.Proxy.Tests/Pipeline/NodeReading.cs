using System.Globalization;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Reads what a node was sent.</summary>
internal static class NodeReading
{
    /// <summary>The body behind <paramref name="head"/>, decoded.</summary>
    public static async Task<string> BodyAsync(ScriptedPeer peer, string head)
    {
        string[] lines = head.ToLowerInvariant().Split("\r\n");
        if (lines.FirstOrDefault(line => line.StartsWith("content-length: ")) is { } length)
            return Encoding.Latin1.GetString(await peer.ReadBytesAsync(int.Parse(length[16..], CultureInfo.InvariantCulture)));
        var body = new StringBuilder();
        while (await ChunkLengthAsync(peer) is var size and > 0)
        {
            body.Append(Encoding.Latin1.GetString(await peer.ReadBytesAsync(size)));
            await peer.ReadBytesAsync(2);
        }

        await peer.ReadBytesAsync(2);
        return body.ToString();
    }

    private static async Task<int> ChunkLengthAsync(ScriptedPeer peer)
    {
        var line = new StringBuilder();
        while (!line.ToString().EndsWith("\r\n"))
            line.Append((char)(await peer.ReadBytesAsync(1))[0]);
        return int.Parse(line.ToString().AsSpan(0, line.Length - 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
