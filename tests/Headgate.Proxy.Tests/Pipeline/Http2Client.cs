using System.Net;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>A client that speaks nothing but HTTP/2 in clear text, with a bound.</summary>
internal sealed class Http2Client(int port) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromSeconds(20) };

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] fields) => SendAsync(path, HttpCompletionOption.ResponseContentRead, fields);

    /// <summary>As <see cref="GetAsync"/>, but comes back with the head.</summary>
    public Task<HttpResponseMessage> GetHeadAsync(string path) => SendAsync(path, HttpCompletionOption.ResponseHeadersRead);

    private Task<HttpResponseMessage> SendAsync(string path, HttpCompletionOption completion, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Get, $"http://127.0.0.1:{port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach ((string name, string value) in fields)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return _client.SendAsync(request, completion, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _client.Dispose();
}
