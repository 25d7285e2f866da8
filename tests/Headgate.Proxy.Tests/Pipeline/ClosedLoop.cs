using System.Collections.Concurrent;
using System.Text;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Clients on kept connections, each of which asks again as soon as it was answered.</summary>
internal static class ClosedLoop
{
    private static readonly byte[] Get = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");

    /// <summary>Asks <paramref name="requests"/> times in all and returns how often each status came. <paramref name="asked"/> is told how many were begun.</summary>
    public static async Task<IReadOnlyDictionary<int, int>> RunAsync(GatewayUnderTest gateway, int clients, int requests, Func<int, Task>? asked = null)
    {
        int begun = 0;
        var statuses = new ConcurrentDictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(RunClientAsync)));
        return statuses;

        async Task RunClientAsync()
        {
            using var client = new RawClient(await gateway.ConnectAsync());
            while (Interlocked.Increment(ref begun) is var number && number <= requests)
            {
                if (asked is not null)
                    await asked(number);
                (int status, _) = await client.AskAsync(Get);
                statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
            }
        }
    }
}
