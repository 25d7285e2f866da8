using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Proxy.Telemetry.Logs;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Telemetry;

/// <summary>The access log through the whole gateway, in a folder of its own.</summary>
public sealed class AccessLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-log-");

    private string LogPath => Path.Combine(_folder.FullName, "logs", "access.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Line_InApisixDefaultFormat_SaysWhatClientAndNodeSaw()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        await using GatewayUnderTest gateway = await StartAsync(LogFormat.Template(LogFormat.Default, LogEscape.Default), [node.Port]);
        await gateway.SendRawAsync("GET /a?x=1&apikey=secret&y HTTP/1.1\r\nHost: a.test\r\nUser-Agent: te\"st\r\nCookie: c=secret\r\nAuthorization: secret\r\nConnection: close\r\n\r\n");
        string line = (await LinesAsync(1))[0];
        line.ShouldMatch(
            @"^127\.0\.0\.1 - - \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] a\.test ""GET /a\?x=1&apikey=\*\*\*&y HTTP/1\.1"" 200 5 \d+\.\d{3} ""-"" ""te\\x22st"" "
            + $@"127\.0\.0\.1:{node.Port} 200 \d+\.\d{{3}} ""http://a\.test/a\?x=1&apikey=\*\*\*&y"" ""-""$");
        line.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(1, "HTTP/1.1")]
    [InlineData(2, "HTTP/2.0")]
    public async Task Line_InJson_HasEveryTry(int version, string protocol)
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
        {
            // The first node of the round refuses, the second closes without an answer, the third answers.
            await using ScriptedNode closing = ScriptedNode.Start(async peer => await peer.ReadHeadAsync());
            await using ScriptedNode answering = ScriptedNode.StartAnswering("hello");
            await using GatewayUnderTest gateway = await StartAsync(LogFormat.Json, [refusing, closing.Port, answering.Port], ",\"retries\":2");
            using var client = new HttpClient { DefaultRequestVersion = new Version(version, version == 1 ? 1 : 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
            for (int i = 0; i < 3; i++)
                (await client.GetStringAsync(new Uri($"http://127.0.0.1:{gateway.Port}/p/{i}"), TestContext.Current.CancellationToken)).ShouldBe("hello");

            foreach (string line in await LinesAsync(3))
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement entry = document.RootElement;
                entry.GetProperty("status").GetInt32().ShouldBe(200);
                entry.GetProperty("server_protocol").GetString().ShouldBe(protocol);
                entry.GetProperty("route_id").GetString().ShouldBe("r");
                entry.GetProperty("upstream_owner").GetString().ShouldBe("upstreams/u");
                entry.GetProperty("body_bytes_sent").GetInt64().ShouldBe(5);
                string[] addresses = entry.GetProperty("upstream_addr").GetString()!.Split(", "), statuses = entry.GetProperty("upstream_status").GetString()!.Split(", ");
                string[] failures = entry.GetProperty("upstream_failure").GetString()!.Split(", "), connects = entry.GetProperty("upstream_connect_time").GetString()!.Split(", ");
                for (int i = 0; i < addresses.Length; i++)
                {
                    (string status, string failure, bool connected) = addresses[i] == $"127.0.0.1:{answering.Port}" ? ("200", "-", true)
                        : addresses[i] == $"127.0.0.1:{closing.Port}" ? ("502", "closed_before_answer", true)
                        : ("502", "refused", false);
                    (statuses[i], failures[i], connects[i] != "-").ShouldBe((status, failure, connected), line);
                }

                addresses[^1].ShouldBe($"127.0.0.1:{answering.Port}");
                entry.GetProperty("upstream_response_time").GetString()!.Split(", ").Length.ShouldBe(addresses.Length);
            }
        }
    }

    [Fact]
    public async Task Times_AreThoseOfTheNode()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await Task.Delay(120, peer.Stopping);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
            await Task.Delay(120, peer.Stopping);
            await peer.SendAsync("b");
        });
        await using GatewayUnderTest gateway = await StartAsync(LogFormat.Template("$request_time $upstream_header_time $upstream_response_time", LogEscape.Default), [node.Port]);
        long begun = Stopwatch.GetTimestamp();
        (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).ShouldEndWith("ab");
        double whole = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        double[] times = [.. (await LinesAsync(1))[0].Split(' ').Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        times[1].ShouldBeInRange(0.1, times[2]);
        times[2].ShouldBeInRange(0.2, times[0] + 0.001);
        times[0].ShouldBeLessThanOrEqualTo(whole);
    }

    [Fact]
    public async Task ThoseWithoutRouteOrHead_HaveALineToo()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(accessLog: new AccessLogOptions(LogPath, LogFormat.Template("$status \"$request\" $route_id $upstream_addr", LogEscape.Default)));
        await gateway.SendRawAsync("GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await gateway.SendRawAsync("GET /bad HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        (await LinesAsync(2)).ShouldBe(["404 \"GET /none HTTP/1.1\" - -", "400 \"-\" - -"], ignoreOrder: true);
    }

    [Fact]
    public async Task ManyRequestsAtOnce_AreAllThere()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync(LogFormat.Template("$uri", LogEscape.Default), [node.Port]);
        using var client = new HttpClient();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{gateway.Port}/{number}/{i}") { Version = number % 4 == 0 ? HttpVersion.Version20 : HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                using HttpResponseMessage answer = await client.SendAsync(request);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            }
        })));
        (await LinesAsync(800)).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 8).SelectMany(number => Enumerable.Range(0, 100).Select(i => $"/{number}/{i}")).Order(StringComparer.Ordinal));
        (gateway.Plane.AccessLog!.Written, gateway.Plane.AccessLog.Dropped).ShouldBe((800, 0));
    }

    [Fact]
    public async Task RenamedFile_IsLeftAloneAfterReopen()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync(LogFormat.Template("$uri", LogEscape.Default), [node.Port]);
        await gateway.SendRawAsync("GET /before HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await LinesAsync(1);
        File.Move(LogPath, LogPath + ".1");
        gateway.Plane.AccessLog!.Reopen();
        await Eventually.HoldsAsync(
            async () =>
            {
                await gateway.SendRawAsync("GET /after HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                return File.Exists(LogPath);
            },
            "a new file begins");
        (await File.ReadAllLinesAsync(LogPath + ".1", TestContext.Current.CancellationToken))[0].ShouldBe("/before");
        (await LinesAsync(1))[0].ShouldBe("/after");
    }

    [Fact]
    public async Task FileThatCannotBeWritten_LosesLines_AndNoRequest()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "logs"), "a file where the folder should be", TestContext.Current.CancellationToken);
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync(LogFormat.Template("$uri", LogEscape.Default), [node.Port]);
        for (int i = 0; i < 5; i++)
            (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
        await Eventually.HoldsAsync(() => gateway.Plane.AccessLog!.Dropped == 5, "they are counted");
    }

    [Fact]
    public async Task SinkThatTakesNothing_DropsAreCounted_AndRequestsAreAnswered()
    {
        // A pipe that nobody reads takes 64 KiB, and then its writer waits for ever.
        string pipe = Path.Combine(_folder.FullName, "pipe");
        (await Tool.RunAsync("mkfifo", "coreutils", pipe)).ExitCode.ShouldBe(0);
        using (var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite))
        {
            await using ScriptedNode node = ScriptedNode.StartAnswering("a");
            await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(accessLog: new AccessLogOptions(pipe, LogFormat.Template(new string('x', 4000), LogEscape.Default), 16_384));
            gateway.PutUpstream("u", [node.Port]);
            gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
            using var client = new HttpClient();
            for (int i = 0; i < 100; i++)
                (await client.GetStringAsync(new Uri($"http://127.0.0.1:{gateway.Port}/"), TestContext.Current.CancellationToken)).ShouldBe("a");
            await Eventually.HoldsAsync(() => gateway.Plane.AccessLog!.Dropped > 0, "lines are dropped");

            bool isDone = false;
            Task draining = Task.Run(() =>
            {
                byte[] taken = new byte[65_536];
                while (!Volatile.Read(ref isDone))
                    _ = reader.Read(taken);
            });
            await Eventually.HoldsAsync(() => gateway.Plane.AccessLog!.Written + gateway.Plane.AccessLog.Dropped == 100, "every line is written or counted");
            Volatile.Write(ref isDone, true);
            await using (var last = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite))
                last.WriteByte(0); // for whom nothing comes any more
            await draining;
        }
    }

    [Theory]
    [InlineData("a\"b\\c\u00e9\t", LogEscape.Default, "a\\x22b\\x5Cc\\xE9\\x09")]
    [InlineData("a\"b\\c\u00e9\t", LogEscape.Json, "a\\\"b\\\\c\\u00E9\\u0009")]
    [InlineData("a\"b\r\n", LogEscape.None, "a\"b\\x0D\\x0A")]
    public void WriteEscaped_NeverEndsAValueOrALine(string value, LogEscape escape, string expected)
    {
        byte[] bytes = new byte[100];
        var line = new LineWriter(bytes);
        line.WriteEscaped(System.Text.Encoding.Latin1.GetBytes(value), escape);
        System.Text.Encoding.ASCII.GetString(bytes, 0, line.Length).ShouldBe(expected);
    }

    [Fact]
    public void UnknownVariables_AreNamed() => LogFormat.Template("$status $nope ${upstream_addr} $sent_http_x $nope", LogEscape.Default).UnknownVariables.ShouldBe(["nope", "sent_http_x"]);

    private async Task<GatewayUnderTest> StartAsync(LogFormat format, int[] ports, string upstreamMore = "")
    {
        GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(accessLog: new AccessLogOptions(LogPath, format));
        gateway.PutUpstream("u", ports, upstreamMore);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return gateway;
    }

    private Task<string[]> LinesAsync(int count) => TextFile.LinesAsync(LogPath, count);
}
