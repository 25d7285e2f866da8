using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Overrides;

/// <summary>One command about one node: asks the gateway, prints what it says, and knows the exit code.</summary>
internal sealed class OverrideCall : IDisposable
{
    /// <summary>Between two looks at a draining node; the gateway itself looks ten times a second.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _client;
    private readonly Uri _path;
    private readonly string _name;
    private readonly Uri _address;
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly CancellationToken _cancellation;

    public OverrideCall(AdminAccess access, string upstream, string node, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        (_output, _error, _cancellation, _address) = (output, error, cancellation, access.Url);
        string[] parts = upstream.Contains('/', StringComparison.Ordinal) ? upstream.Split('/') : [ResourceKind.Upstream.Plural(), upstream];
        _name = $"{node} of {string.Join('/', parts)}";
        _path = new Uri($"/api/{string.Join('/', parts.Select(Uri.EscapeDataString))}/nodes/{Uri.EscapeDataString(node)}/override", UriKind.Relative);

        // Not through a proxy of the environment: the key is for the gateway alone.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = access.Url, Timeout = TimeSpan.FromSeconds(30) };
        if (access.Key is not null)
            _client.DefaultRequestHeaders.Add("X-API-KEY", access.Key);
    }

    /// <summary>Gives the word; with <paramref name="wait"/> returns when the node is drained.</summary>
    public Task<int> GiveAsync(OverrideKind kind, TimeSpan? deadline, string? note, bool force, bool wait) => GuardAsync(async () =>
    {
        var body = new JsonObject { ["kind"] = kind.Name() };
        if (deadline is { } time)
            body["deadline"] = time.TotalSeconds;
        if (note is not null)
            body["note"] = note;
        if (force)
            body["force"] = true;
        using HttpResponseMessage answer = await _client.PutAsJsonAsync(_path, body, _cancellation);
        JsonElement said = await ReadAsync(answer);
        if (!answer.IsSuccessStatusCode)
            return await RefusedAsync(said, answer.StatusCode);
        await _output.WriteLineAsync(OverrideText.State(_name, said));
        return !wait || OverrideText.IsDrained(said) ? ExitCodes.Ok : await WaitAsync();
    });

    /// <summary>Takes the word back when it is of <paramref name="kind"/>; null = either force.</summary>
    public Task<int> TakeBackAsync(OverrideKind? kind) => GuardAsync(async () =>
    {
        (JsonElement said, HttpStatusCode status) = await LookAsync();
        if (status == HttpStatusCode.NotFound)
            return await FailAsync($"{_name} has no override");
        if (status != HttpStatusCode.OK)
            return await RefusedAsync(said, status);
        bool drains = OverrideKinds.Find(said.GetProperty("kind").GetString()) == OverrideKind.Drain;
        if (drains && kind is null)
            return await FailAsync($"{_name} is not forced but draining: headgate drain --cancel takes that back");
        if (!drains && kind == OverrideKind.Drain)
            return await FailAsync($"{_name} is not draining but forced: headgate force off takes that back");
        using HttpResponseMessage answer = await _client.DeleteAsync(_path, _cancellation);
        if (!answer.IsSuccessStatusCode)
            return await RefusedAsync(await ReadAsync(answer), answer.StatusCode);
        await _output.WriteLineAsync($"{_name} is no longer {(drains ? "draining" : "forced")}");
        return ExitCodes.Ok;
    });

    public void Dispose() => _client.Dispose();

    private async Task<int> WaitAsync()
    {
        while (true)
        {
            await Task.Delay(LookPeriod, _cancellation);
            (JsonElement said, HttpStatusCode status) = await LookAsync();
            if (status == HttpStatusCode.NotFound)
                return await FailAsync($"the drain of {_name} was taken back meanwhile");
            if (status != HttpStatusCode.OK)
                return await RefusedAsync(said, status);
            if (said.GetProperty("kind").GetString() != OverrideKind.Drain.Name())
                return await FailAsync($"the drain was replaced meanwhile: {OverrideText.State(_name, said)}");
            if (!OverrideText.IsDrained(said))
                continue;
            await _output.WriteLineAsync(OverrideText.State(_name, said));
            return ExitCodes.Ok;
        }
    }

    private async Task<(JsonElement Said, HttpStatusCode Status)> LookAsync()
    {
        using HttpResponseMessage answer = await _client.GetAsync(_path, _cancellation);
        return (await ReadAsync(answer), answer.StatusCode);
    }

    /// <summary>The object in the answer; an empty one when there is none, because something else than a gateway has answered.</summary>
    private async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        try
        {
            JsonElement said = await answer.Content.ReadFromJsonAsync<JsonElement>(_cancellation);
            return said.ValueKind == JsonValueKind.Object ? said : JsonElement.Parse("{}");
        }
        catch (JsonException)
        {
            return JsonElement.Parse("{}");
        }
    }

    private Task<int> RefusedAsync(JsonElement said, HttpStatusCode status) =>
        FailAsync(OverrideText.Error(said) ?? $"{_address} answered {(int)status}, which is no answer of Headgate's Admin API");

    private async Task<int> FailAsync(string problem)
    {
        await _error.WriteLineAsync("error: " + problem);
        return ExitCodes.Refused;
    }

    private async Task<int> GuardAsync(Func<Task<int>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !_cancellation.IsCancellationRequested))
        {
            await _error.WriteLineAsync($"error: no gateway answers at {_address}: {e.Message} (is it running? --admin URL says where its Admin API is)");
            return ExitCodes.Unreachable;
        }
    }
}
