using System.Net.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.OpenIdConnect;

/// <summary>
/// An identity provider: what it last said, and when it is asked again. Requests that wait share one fetch; what is known stays in use for as long as the provider cannot be asked.
/// Thread-safe; fetches run on threads of the pool and never throw.
/// </summary>
internal sealed class IdentityProvider(ProviderTerms terms, ProviderDocuments documents, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// At most one fetch in this time because a key is not known: whoever makes up keys must not have the provider flooded, and a key that is new is known after this time at the latest.
    /// </summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(10);

    /// <summary>As <see cref="PauseMin"/>, as long as nothing is known and no request can pass.</summary>
    public static readonly TimeSpan FirstPauseMin = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    // Under the gate.
    private Task? _fetch;
    private long _fetchedAt;
    private bool _isLost;

    // Written by the fetch, read by all requests.
    private volatile ProviderFacts? _facts;
    private long _expiresAt = long.MaxValue;

    /// <summary>What it last said; null = nothing yet. What has become old is fetched beside.</summary>
    public ProviderFacts? Facts
    {
        get
        {
            if (time.GetTimestamp() >= Volatile.Read(ref _expiresAt))
                _ = TryFetchAsync();
            return _facts;
        }
    }

    /// <summary>Asks it, or waits for who asks already; null when it was asked only just now.</summary>
    public Task? TryFetchAsync()
    {
        lock (_gate)
        {
            if (_fetch is { IsCompleted: false })
                return _fetch;
            if (_fetch is not null && time.GetElapsedTime(_fetchedAt) < (_facts is null ? FirstPauseMin : PauseMin))
                return null;
            return _fetch = FetchAsync();
        }
    }

    private async Task FetchAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // away from the thread that serves traffic, and out of the gate
        string? problem = null;
        try
        {
            _facts = await documents.FetchAsync();
            Volatile.Write(ref _expiresAt, time.GetTimestamp() + (long)(terms.KeysExpire.TotalSeconds * time.TimestampFrequency));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidDataException)
        {
            problem = failure.Message;
        }
        catch (OperationCanceledException)
        {
            problem = $"no answer within {terms.Timeout.TotalSeconds:0} s";
        }

        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // completions run on a thread that serves all sockets
        bool isNews;
        lock (_gate)
        {
            _fetchedAt = time.GetTimestamp();
            isNews = _isLost != (problem is not null);
            _isLost = problem is not null;
        }

        if (isNews && problem is not null)
            OpenIdConnectLog.ProviderLost(logger, terms.Discovery.Authority, problem);
        else if (isNews)
            OpenIdConnectLog.ProviderFound(logger, terms.Discovery.Authority);
    }
}
