using System.Globalization;
using System.Text.Json;
using Headgate.CommandLine.Overrides;

namespace Headgate.CommandLine.Discovery;

/// <summary>One question about discovery: asks the gateway, prints what it says, and knows the exit code.</summary>
internal sealed class DiscoveryCall : IDisposable
{
    private const string Group = "/api/gateway_groups/default/";
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly string? _registry;
    private readonly bool _json;
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly CancellationToken _cancellation;

    public DiscoveryCall(AdminAccess access, string? registry, bool json, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        (_address, _registry, _json, _output, _error, _cancellation) = (access.Url, registry, json, output, error, cancellation);

        // Not through a proxy of the environment: the key is for the gateway alone.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = access.Url, Timeout = TimeSpan.FromSeconds(30) };
        if (access.Key is not null)
            _client.DefaultRequestHeaders.Add("X-API-KEY", access.Key);
    }

    /// <summary>Registries, then services.</summary>
    public Task<int> ListAsync() => GuardAsync(async () =>
    {
        string services = await AskAsync(Services(null, instances: false));
        if (_json)
        {
            await _output.WriteAsync(services);
            return ExitCodes.Ok;
        }

        await _output.WriteAsync(DiscoveryText.List(await RegistriesAsync(), Items(services)));
        return ExitCodes.Ok;
    });

    /// <summary>A service with its instances.</summary>
    public Task<int> ShowAsync(string service) => GuardAsync(async () =>
    {
        string body = await AskAsync(Services(service, instances: true));
        IReadOnlyList<JsonElement> found = Items(body);
        if (found.Count == 0)
            throw new InvalidDataException($"no upstream follows a service {service}{(_registry is null ? "" : $" of {_registry}")}; headgate discovery list shows those that are followed");
        await _output.WriteAsync(_json ? body : string.Join('\n', found.Select(DiscoveryText.Show)));
        return ExitCodes.Ok;
    });

    /// <summary>Every change, until cancelled. A gateway that goes away while it is watched is waited for.</summary>
    public Task<int> WatchAsync(string? service) => GuardAsync(async () =>
    {
        var changes = new DiscoveryChanges();
        bool isFirst = true, gone = false;
        while (true)
        {
            try
            {
                foreach (string line in changes.Next(await RegistriesAsync(), Items(await AskAsync(Services(service, instances: true)))))
                    await SayAsync(line);
                (isFirst, gone) = (false, false);
            }
            catch (HttpRequestException e) when (!isFirst)
            {
                if (!gone)
                    await SayAsync($"no gateway answers at {_address}: {e.Message}");
                gone = true;
            }

            await _output.FlushAsync(_cancellation);
            await Task.Delay(LookPeriod, _cancellation);
        }
    });

    public void Dispose() => _client.Dispose();

    private static IReadOnlyList<JsonElement> Items(string body) => [.. JsonElement.Parse(body).GetProperty("list").EnumerateArray()];

    private Task SayAsync(string line) => _output.WriteLineAsync($"{TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {line}");

    private string Services(string? service, bool instances) =>
        $"{Group}discovery/services?instances={(instances ? "true" : "false")}"
        + (_registry is null ? "" : $"&registry={Uri.EscapeDataString(_registry)}") + (service is null ? "" : $"&service_name={Uri.EscapeDataString(service)}");

    private async Task<IReadOnlyList<JsonElement>> RegistriesAsync() =>
        [.. Items(await AskAsync(Group + "service_registries")).Where(registry => _registry is null || DiscoveryText.NameOf(registry) == _registry)];

    /// <exception cref="InvalidDataException">It refused; the message says why.</exception>
    private async Task<string> AskAsync(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(path, UriKind.Relative), _cancellation);
        string body = await answer.Content.ReadAsStringAsync(_cancellation);
        return answer.IsSuccessStatusCode ? body : throw new InvalidDataException($"the gateway answered {(int)answer.StatusCode}: {body.Trim()}");
    }

    private async Task<int> GuardAsync(Func<Task<int>> ask)
    {
        try
        {
            return await ask();
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        catch (InvalidDataException e)
        {
            await _error.WriteLineAsync("error: " + e.Message);
            return ExitCodes.Refused;
        }
        catch (JsonException)
        {
            await _error.WriteLineAsync($"error: what answers at {_address} is no Admin API of Headgate's");
            return ExitCodes.Refused;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await _error.WriteLineAsync($"error: no gateway answers at {_address}: {e.Message} (is it running? --admin URL says where its Admin API is)");
            return ExitCodes.Unreachable;
        }
    }
}
