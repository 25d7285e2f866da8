using Headgate.Proxy.Http1;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>The path that routes see, beside nginx's $uri of the same request (<see cref="PeerComparisonTests"/> asks nginx itself).</summary>
public sealed class PathNormalizerTests
{
    /// <summary>As sent, and as matched.</summary>
    internal static readonly (string Sent, string? Matched)[] Paths =
    [
        ("/", "/"), ("/a", "/a"), ("/a/", "/a/"), ("/a/b.c/d..e/...", "/a/b.c/d..e/..."), ("/.a", "/.a"), ("/..a", "/..a"), ("/a/.b/..c/d.", "/a/.b/..c/d."),
        ("//", "/"), ("///a//b///", "/a/b/"), ("/.", "/"), ("/./", "/"), ("/a/.", "/a/"), ("/a/./b", "/a/b"), ("/a/..", "/"), ("/a/../", "/"),
        ("/a/b/../c", "/a/c"), ("/a/b/..", "/a/"), ("/a/b/../..", "/"), ("/a//../b", "/b"), ("/a/%2e%2E/b", "/b"), ("/a%2fb", "/a/b"), ("/a%2F%2Fb", "/a/b"),
        ("/%41%7a", "/Az"), ("/%25", "/%"), ("/%252e%252e/", "/%2e%2e/"), ("/%3f%23", "/?#"), ("/a%20b", "/a b"), ("/%2e", "/"), ("/a/%2e%2e%2fb", "/b"),
        ("/%2e.", null), ("/a;b=c", "/a;b=c"), ("/a\\..\\b", "/a\\..\\b"), ("/a+b", "/a+b"), ("/%e4%bd%a0", "/\u00e4\u00bd\u00a0"), ("/%0d%0a", "/\r\n"), ("/a/.%2e/b", "/b"),
        ("/...", "/..."), ("/.../", "/.../"), ("/a/b/c/../../d", "/a/d"), ("/a./b", "/a./b"), ("/a../b", "/a../b"),
    ];

    [Fact]
    public void Path_OfARequest_IsNormal()
    {
        foreach ((string sent, string? matched) in Paths)
        {
            if (matched is null)
            {
                Heads.ParseRequest($"GET {sent} HTTP/1.1\r\nHost: a\r\n\r\n", out _).Reason.ShouldBe(HeadFault.AboveRoot.Reason);
                continue;
            }

            RequestHead head = Heads.Request($"GET {sent}?/../%zz HTTP/1.1\r\nHost: a\r\n\r\n");
            Heads.Text(head.Path).ShouldBe(matched, sent);
            Heads.Text(head.RequestUri).ShouldBe(sent + "?/../%zz");
        }
    }

    [Fact]
    public void Normalize_AnyPath_GivesAPathWithoutDotSegments()
    {
        int seed = TestSeed.Value;
        Random random = new(seed);
        string[] pieces = ["/", ".", "..", "a", "%2e", "%2F", "%41", "b.c", "//", "%25", "%"];
        byte[] to = new byte[200];
        for (int round = 0; round < 100_000; round++)
        {
            byte[] path = Heads.Bytes("/" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)])));
            HeadFault? fault = PathNormalizer.Normalize(path, to.AsSpan(0, path.Length), out int length);
            if (fault is not null)
                continue;
            string normal = Heads.Text(to.AsSpan(0, length));
            string[] segments = normal.Split('/');
            (normal[0] == '/' && !segments.Contains(".") && !segments.Contains("..") && !normal.Contains("//", StringComparison.Ordinal))
                .ShouldBeTrue($"HEADGATE_SEED={seed}: {Heads.Text(path)} gave {normal}");
            if (PathNormalizer.IsNormal(path))
                normal.ShouldBe(Heads.Text(path), $"HEADGATE_SEED={seed}");
        }
    }
}
