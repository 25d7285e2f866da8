using Headgate.Proxy.Tests.Http1.Peers;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>The codec beside two other servers that get the same bytes.</summary>
public sealed class PeerComparisonTests
{
    [Fact]
    public async Task Verdicts_OfCodecNginxAndKestrel_AreThoseOfTheTable()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using NginxPeer nginx = await NginxPeer.StartAsync(cancellation);
        await using KestrelPeer kestrel = await KestrelPeer.StartAsync(cancellation);

        string?[] wrong = await Task.WhenAll(Corpus.Cases.Select(async row =>
        {
            byte[] sent = Heads.Bytes(row.Sent + Corpus.Follow);
            string codec = Verdicts.OfCodec(sent);
            string byNginx = await Verdicts.OfServerAsync(nginx.SocketPath, sent, cancellation);
            string byKestrel = await Verdicts.OfServerAsync(kestrel.SocketPath, sent, cancellation);
            bool asInTable = codec == row.Codec && byNginx == (row.Nginx ?? row.Codec) && byKestrel == (row.Kestrel ?? row.Codec);
            return asInTable ? null : $"{row} gave [{codec}] [{byNginx}] [{byKestrel}]";
        }));

        wrong.Where(row => row is not null).ShouldBeEmpty();
        Corpus.Cases.Length.ShouldBeGreaterThan(90);
    }

    /// <summary>
    /// The point of the table: where Headgate takes a request, a node that reads like nginx or like Kestrel sees the same requests in the same bytes, or refuses. (The path may
    /// be spelt differently: it is compared by the method, and by where the next request begins.)
    /// </summary>
    [Fact]
    public void Table_WhatTheCodecAccepts_NobodyFramesDifferently()
    {
        foreach (Corpus.Case row in Corpus.Cases.Where(row => !IsRefusal(row.Codec)))
        {
            foreach (string other in (string[])[row.Nginx ?? row.Codec, row.Kestrel ?? row.Codec])
                (IsRefusal(other) || Methods(other) == Methods(row.Codec)).ShouldBeTrue($"{row}");
        }

        Corpus.Cases.ShouldAllBe(row => (row.Why == null) == (row.Nginx == null && row.Kestrel == null));
    }

    /// <summary>nginx's $uri is what <c>Path</c> promises.</summary>
    [Fact]
    public async Task Path_OfEveryCase_IsNginxsUri()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using NginxPeer nginx = await NginxPeer.StartAsync(cancellation);
        List<string> wrong = [];
        foreach ((string sent, string? matched) in PathNormalizerTests.Paths)
        {
            // The peer passes $uri on in a header line, where a line break does not fit.
            if (matched?.Contains('\r') == true)
                continue;
            string seen = await Verdicts.OfServerAsync(nginx.SocketPath, Heads.Bytes($"GET {sent} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), cancellation);
            if (seen != (matched is null ? "400" : $"GET {matched}"))
                wrong.Add($"{sent} is {matched} here and {seen} there");
        }

        wrong.ShouldBeEmpty();
    }

    private static bool IsRefusal(string verdict) => char.IsAsciiDigit(verdict[0]);

    private static string Methods(string verdict) => string.Join(", ", verdict.Split(", ").Select(request => request.Split(' ')[0]));
}
