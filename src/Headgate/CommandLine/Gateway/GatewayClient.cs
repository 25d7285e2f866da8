using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Gateway;

/// <summary>Asks the Admin API of a running gateway about one gateway group and workspace. Several requests may be under way at a time.</summary>
internal sealed class GatewayClient : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _address;
    private readonly CancellationToken _cancellation;
    private string? _groupPath;

    /// <summary>Connects when it is first asked. <paramref name="group"/>, <paramref name="workspace"/>: null = the default ones, or those of the API token.</summary>
    public GatewayClient(AdminAccess access, string? group, string? workspace, CancellationToken cancellation)
    {
        (Url, Group, Workspace, _cancellation) = (access.Url, group, workspace, cancellation);
        string[] arguments = [.. Argument("gateway_group_id", group), .. Argument("workspace_id", workspace)];
        _address = string.Join('&', arguments);
        _client = access.NewClient();
    }

    /// <summary>Where it asks.</summary>
    public Uri Url { get; }

    /// <summary>The gateway group that was named; null = none was.</summary>
    public string? Group { get; }

    /// <summary>The workspace that was named; null = none was.</summary>
    public string? Workspace { get; }

    /// <summary>Why it writes, for the history; null = that is not said.</summary>
    public string? Message { get; init; }

    /// <summary>Path of the gateway group, for what lies below it: of the one that was named, or that of the API token.</summary>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async ValueTask<string> GroupPathAsync() => _groupPath ??=
        "/api/gateway_groups/" + Uri.EscapeDataString(Group ?? (await SendAsync(HttpMethod.Get, "/api/session")).Body["value"]?["gateway_group_id"]?.ToString() ?? GatewayGroupConfig.DefaultId);

    /// <summary>Where an object is read and written.</summary>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async ValueTask<string> PathOfAsync(ObjectName name) => name.Kind == ResourceKind.ServiceRegistry ? $"{await GroupPathAsync()}/{name.Path}" : "/apisix/admin/" + name.Path;

    /// <summary>Sends a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Path, <c>/apisix/admin/...</c> or <c>/api/...</c>, escaped; with a query or without.</param>
    /// <param name="body">What is sent; null = nothing.</param>
    /// <param name="condition"><c>If-Match</c> with a revision, or <c>If-None-Match: *</c> for 0; null = none.</param>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async Task<GatewayAnswer> SendAsync(HttpMethod method, string path, JsonNode? body = null, long? condition = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_address.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{_address}", UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(JsonLayout.Dense), Encoding.UTF8, "application/json");
        if (Message is not null && method != HttpMethod.Get)
            request.Headers.Add("X-Headgate-Message", Message);
        if (condition == 0)
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        else if (condition is { } revision)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"")));
        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, _cancellation);
            return await ReadAsync(answer);
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !_cancellation.IsCancellationRequested))
        {
            throw new HttpRequestException(e.Message, e);
        }
    }

    /// <summary>What is at a path; null when there is nothing (404).</summary>
    /// <exception cref="CommandFailedException">It was refused.</exception>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async Task<GatewayAnswer?> FindAsync(string path)
    {
        GatewayAnswer answer = await SendAsync(HttpMethod.Get, path);
        if (answer.IsSuccess)
            return answer;

        // A group or workspace that is not there is said in another member than an object that is not.
        return answer.Status == HttpStatusCode.NotFound && answer.Body.ContainsKey("message") ? null : throw Refused(answer);
    }

    /// <summary>As <see cref="FindAsync"/>, for what must be there.</summary>
    public async Task<GatewayAnswer> GetAsync(string path)
    {
        GatewayAnswer answer = await SendAsync(HttpMethod.Get, path);
        return answer.IsSuccess ? answer : throw Refused(answer);
    }

    /// <summary>What ends a command whose request was refused.</summary>
    public static CommandFailedException Refused(GatewayAnswer answer) => new(ExitCodes.Refused, $"the gateway answered {answer.Problem}");

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static IEnumerable<string> Argument(string name, string? value) => value is null ? [] : [$"{name}={Uri.EscapeDataString(value)}"];

    private async Task<GatewayAnswer> ReadAsync(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync(_cancellation);
        long? revision = long.TryParse(answer.Headers.ETag?.Tag.Trim('"'), CultureInfo.InvariantCulture, out long tag) ? tag : null;
        IReadOnlyList<string> warnings = answer.Headers.TryGetValues("X-Headgate-Warning", out IEnumerable<string>? lines) ? [.. lines] : [];
        try
        {
            JsonObject body = text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? [];
            return new GatewayAnswer(answer.StatusCode, body, revision, warnings);
        }
        catch (JsonException)
        {
            throw new CommandFailedException(ExitCodes.Refused, $"what answers at {Url} is no Admin API of Headgate's (status {(int)answer.StatusCode})");
        }
    }
}
