using System.Text;
using Headgate.Differential.Mutation;
using Headgate.Testing;

namespace Headgate.Tests.Fuzz;

/// <summary>A node that answers with mutations of answers, each marked with the request's word, and then closes, resets, or keeps the connection.</summary>
internal static class HostileNode
{
    private static readonly string[] Answers =
    [
        $"HTTP/1.1 200 OK\r\nX-Token: {RunToken.Placeholder}\r\nContent-Length: 20\r\n\r\n{RunToken.Placeholder}",
        $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{RunToken.Placeholder}\r\n0\r\nX-End: {RunToken.Placeholder}\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nX-Token: {RunToken.Placeholder}\r\n\r\n{RunToken.Placeholder}",
        $"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 20\r\n\r\n{RunToken.Placeholder}",
        $"HTTP/1.1 204 No Content\r\nX-Token: {RunToken.Placeholder}\r\n\r\n",
        $"HTTP/1.1 304 Not Modified\r\nETag: \"{RunToken.Placeholder}\"\r\nContent-Length: 20\r\n\r\n",
        $"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <{RunToken.Placeholder}>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{RunToken.Placeholder}",
        $"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n{RunToken.Placeholder}",
        $"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{RunToken.Placeholder}HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{RunToken.Placeholder}",
        $"HTTP/1.1 302 Found\r\nLocation: /{RunToken.Placeholder}\r\nSet-Cookie: a={RunToken.Placeholder}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ];

    private static readonly byte[] Mark = Encoding.ASCII.GetBytes(RunToken.Placeholder);

    /// <summary>Starts it.</summary>
    public static ScriptedNode Start(int seed)
    {
        byte[][] seeds = [.. Answers.Select(Encoding.Latin1.GetBytes)];
        var mutator = new Mutator(seeds, [.. Tokens.Answer, .. Tokens.Request]);
        return ScriptedNode.Start(async peer =>
        {
            var random = new Random(HashCode.Combine(seed, peer.Number));
            while (await peer.ReadHeadAsync() is { } head)
            {
                // Sound ones between them let connections be kept: only then can an answer reach a request that it does not belong to.
                bool sound = random.Next(3) == 0;
                byte[] answer = sound ? seeds[random.Next(2)] : mutator.Next(random);
                await peer.SendAsync(Marked(answer, TokenOf(head)));
                int end = sound || random.Next(10) == 0 ? 9 : random.Next(9);
                if (end == 0)
                    peer.Reset();
                if (end < 9)
                    return;
            }
        });
    }

    /// <summary>The word stands in the target: <c>GET /tok-... HTTP/1.1</c>.</summary>
    private static byte[] TokenOf(string head) => head.IndexOf("/tok-", StringComparison.Ordinal) is var at and >= 0 ? Encoding.ASCII.GetBytes(head.Substring(at + 1, 20)) : Mark;

    private static byte[] Marked(byte[] answer, byte[] token)
    {
        byte[] marked = [.. answer];
        for (int at = 0; marked.AsSpan(at).IndexOf(Mark) is var found and >= 0; at += found + token.Length)
            token.CopyTo(marked.AsSpan(at + found));
        return marked;
    }
}
