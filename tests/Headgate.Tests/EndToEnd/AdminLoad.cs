using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Headgate.Tests.EndToEnd;

/// <summary>Many Admin writes over several kept connections.</summary>
internal static class AdminLoad
{
    /// <summary>A client of the Admin API with the admin's key.</summary>
    public static HttpClient Client(GatewayProcess gateway, int connections)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = new Uri(gateway.Admin + "/") };
        client.DefaultRequestHeaders.Add("X-API-KEY", GatewayProcess.AdminKey);
        return client;
    }

    /// <summary>Writes one object; returns the status.</summary>
    public static async Task<HttpStatusCode> PutAsync(HttpClient client, string path, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using HttpResponseMessage answer = await client.PutAsync(new Uri(path, UriKind.Relative), content);
        await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode;
    }

    /// <summary>Writes <paramref name="count"/> objects, a few at a time; fails at the first that is refused.</summary>
    public static Task PutAllAsync(HttpClient client, int count, int atOnce, Func<int, (string Path, string Body)> make) =>
        Parallel.ForAsync(1, count + 1, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, _) =>
        {
            (string path, string body) = make(i);
            (await PutAsync(client, path, body)).ShouldBe(HttpStatusCode.Created, path);
        });

    /// <summary>Writes objects until the connection breaks; what was answered 2xx is in the bag then. <paramref name="breaks"/> is called once, after <paramref name="count"/> answers.</summary>
    public static async Task<ConcurrentBag<int>> StormAsync(HttpClient client, int writers, int count, Action breaks, Func<int, (string Path, string Body)> make)
    {
        var done = new ConcurrentBag<int>();
        int next = 0, answered = 0;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                int i = Interlocked.Increment(ref next);
                (string path, string body) = make(i);
                try
                {
                    (await PutAsync(client, path, body)).ShouldBe(HttpStatusCode.Created, path);
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    return;
                }

                done.Add(i);
                // Not the bag's own count: two writers may add before either looks, and then nobody sees the number.
                if (Interlocked.Increment(ref answered) == count)
                    breaks();
            }
        })));
        return done;
    }
}
