using System.Globalization;
using System.Text.Json;
using Headgate.CommandLine.Gateway;

namespace Headgate.CommandLine.Discovery;

/// <summary>One question about discovery: asks the gateway, and prints what it says.</summary>
/// <param name="client">Asks the gateway.</param>
/// <param name="registry">The only registry of interest; null = all.</param>
/// <param name="output">Takes what is known.</param>
internal sealed class DiscoveryCall(GatewayClient client, string? registry, TextWriter output)
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);


    /// <summary>Registries, then services.</summary>
    public async Task<int> ListAsync(string format)
    {
        GatewayAnswer services = await ServicesAsync(null, instances: false);
        string text = DiscoveryText.List(await RegistriesAsync(), Items(services));
        await OutputFormat.PrintAsync(output, format, services.Body, () => text);
        return ExitCodes.Ok;
    }

    /// <summary>A service with its instances.</summary>
    public async Task<int> ShowAsync(string service, string format)
    {
        GatewayAnswer answer = await ServicesAsync(service, instances: true);
        IReadOnlyList<JsonElement> found = Items(answer);
        if (found.Count == 0)
            throw new CommandFailedException(ExitCodes.Refused, $"no upstream follows a service {service}{(registry is null ? "" : $" of {registry}")}; headgate discovery list shows those that are followed");
        await OutputFormat.PrintAsync(output, format, answer.Body, () => string.Join('\n', found.Select(DiscoveryText.Show)));
        return ExitCodes.Ok;
    }

    /// <summary>Every change, until cancelled. A gateway that goes away while it is watched is waited for.</summary>
    public async Task<int> WatchAsync(string? service, CancellationToken cancellation)
    {
        try
        {
            await FollowAsync(service, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Whoever watches ends it so.
        }

        return ExitCodes.Ok;
    }

    private async Task FollowAsync(string? service, CancellationToken cancellation)
    {
        var changes = new DiscoveryChanges();
        bool isFirst = true, gone = false;
        while (true)
        {
            try
            {
                foreach (string line in changes.Next(await RegistriesAsync(), Items(await ServicesAsync(service, instances: true))))
                    await SayAsync(line);
                (isFirst, gone) = (false, false);
            }
            catch (HttpRequestException e) when (!isFirst)
            {
                if (!gone)
                    await SayAsync($"no gateway answers at {client.Url}: {e.Message}");
                gone = true;
            }

            await output.FlushAsync(cancellation);
            await Task.Delay(LookPeriod, cancellation);
        }
    }

    private static IReadOnlyList<JsonElement> Items(GatewayAnswer answer) => answer.Element.TryGetProperty("list", out JsonElement list) ? [.. list.EnumerateArray()] : [];

    private Task SayAsync(string line) => output.WriteLineAsync($"{TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {line}");

    private Task<GatewayAnswer> ServicesAsync(string? service, bool instances) => AskAsync(
        $"discovery/services?instances={(instances ? "true" : "false")}"
        + (registry is null ? "" : $"&registry={Uri.EscapeDataString(registry)}") + (service is null ? "" : $"&service_name={Uri.EscapeDataString(service)}"));

    private async Task<IReadOnlyList<JsonElement>> RegistriesAsync() =>
        [.. Items(await AskAsync("service_registries")).Where(one => registry is null || DiscoveryText.NameOf(one) == registry)];

    private async Task<GatewayAnswer> AskAsync(string path) => await client.GetAsync($"{await client.GroupPathAsync()}/{path}");
}
