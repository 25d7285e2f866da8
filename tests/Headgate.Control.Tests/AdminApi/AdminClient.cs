using System.Text;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>A client as curl: every call says what it sends.</summary>
public sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    public AdminClient(Uri address, string? key)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        if (key is not null)
            _http.DefaultRequestHeaders.Add("X-API-KEY", key);
    }

    public Task<AdminAnswer> Get(string path) => Send("GET", path);

    public Task<AdminAnswer> Put(string path, string? body) => Send("PUT", path, body);

    public Task<AdminAnswer> Post(string path, string? body) => Send("POST", path, body);

    public Task<AdminAnswer> Patch(string path, string? body) => Send("PATCH", path, body);

    public Task<AdminAnswer> Delete(string path) => Send("DELETE", path);

    /// <summary><paramref name="path"/> is below /apisix/admin, unless it begins with a slash.</summary>
    public async Task<AdminAnswer> Send(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path.StartsWith('/') ? path : "/apisix/admin/" + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage answer = await _http.SendAsync(request);
        return new AdminAnswer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    public void Dispose() => _http.Dispose();
}
