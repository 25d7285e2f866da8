using System.Text.Json;

namespace Headgate.Store.Etcd.Wire;

/// <summary>
/// The members of one etcd as one: questions go to the member in use, and to the next when it is dead, hung or has lost the others. Only questions that may be asked twice are repeated;
/// who writes hears that nothing is known (<see cref="EtcdFailure.Unknown"/>) and finds out. Thread-safe.
/// </summary>
internal sealed class EtcdClient : IDisposable
{
    public const string WatchPath = "/v3/watch";
    public const string RangePath = "/v3/kv/range";
    public const string TransactionPath = "/v3/kv/txn";

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private readonly EtcdHttp _http;
    private readonly EtcdLogin _login;
    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private string? _clusterId;
    private int _generation;

    public EtcdClient(EtcdOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        Endpoints = new EtcdEndpoints(options.Endpoints, options.DownFor, time);
        _http = new EtcdHttp(options.Tls, AttemptTimeout, time);
        _login = new EtcdLogin(options.User, options.Password);
    }

    /// <summary>The members.</summary>
    public EtcdEndpoints Endpoints { get; }

    /// <summary>Rises when the members turn out to be another etcd than before: revisions mean nothing any more.</summary>
    public int Generation => Volatile.Read(ref _generation);

    private TimeSpan AttemptTimeout => _options.AttemptTimeout < _options.Timeout ? _options.AttemptTimeout : _options.Timeout;

    /// <summary>Asks what may be asked twice, of one member after the other, until one answers or the time is over.</summary>
    /// <exception cref="StoreUnavailableException">None did, or the question was refused.</exception>
    /// <exception cref="EtcdException">The revision asked for is out of range.</exception>
    public async Task<EtcdReply> AskAsync(string path, byte[] question, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        TimeSpan pause = PauseMin;
        for (int unsent = 0, tries = 1; ; tries++)
        {
            Uri member = Endpoints.Current;
            try
            {
                return await AskAsync(member, path, question, cancellationToken);
            }
            catch (EtcdException e) when (e.Failure is EtcdFailure.Refused or EtcdFailure.LoginNeeded)
            {
                if (e.Code == EtcdException.OutOfRange)
                    throw;
                throw new StoreUnavailableException($"The etcd store refuses: {e.Message}.", e);
            }
            catch (EtcdException e)
            {
                // Nobody there at all is told at once; who is there and cannot answer yet may elect a leader meanwhile.
                unsent = e.Failure == EtcdFailure.NotSent ? unsent + 1 : 0;
                if (unsent >= 2 * Endpoints.Count || _time.GetElapsedTime(began) >= _options.Timeout)
                    throw Unavailable(e);
            }

            if (tries % Endpoints.Count == 0)
            {
                await Task.Delay(pause, _time, cancellationToken);
                pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            }
        }
    }

    /// <summary>Asks the member in use, once; a login that is no good any more is renewed before.</summary>
    /// <exception cref="EtcdException">It did not answer, or refused.</exception>
    public Task<EtcdReply> AskOnceAsync(string path, byte[] question, CancellationToken cancellationToken) => AskAsync(Endpoints.Current, path, question, cancellationToken);

    /// <summary>Asks one member, once.</summary>
    /// <exception cref="EtcdException">It did not answer, or refused.</exception>
    public async Task<EtcdReply> AskAsync(Uri member, string path, byte[] question, CancellationToken cancellationToken)
    {
        EtcdReply reply = await GuardedAsync(
            member, token => _http.AskAsync(member, path, question, token, AttemptTimeout, cancellationToken), cancellationToken);
        SeeCluster(reply.Root);
        return reply;
    }

    /// <summary>Begins a watch at one member.</summary>
    /// <exception cref="EtcdException">It did not answer, or refused.</exception>
    public async Task<EtcdWatchStream> OpenWatchAsync(Uri member, byte[] question, CancellationToken cancellationToken) => new(
        await GuardedAsync(member, token => _http.OpenAsync(member, WatchPath, question, token, AttemptTimeout, cancellationToken), cancellationToken), member);

    /// <summary>Looks at the header of an answer.</summary>
    public void SeeCluster(JsonElement answer)
    {
        if (!answer.TryGetProperty("header", out JsonElement header) || !header.TryGetProperty("cluster_id", out JsonElement id) || id.GetString() is not { } cluster)
            return;
        string? known = Interlocked.Exchange(ref _clusterId, cluster);
        if (known is not null && known != cluster)
            Interlocked.Increment(ref _generation);
    }

    /// <summary>What callers get when no member can be used.</summary>
    public StoreUnavailableException Unavailable(Exception reason) =>
        new($"The etcd store cannot be used: {reason.Message}. Members: {Endpoints.Names} (deployment.etcd.host).", reason);

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _login.Dispose();
    }

    private async Task<T> GuardedAsync<T>(Uri member, Func<string?, Task<T>> ask, CancellationToken cancellationToken)
    {
        string? refused = null;
        for (int logins = 0; ; logins++)
        {
            try
            {
                string? token = await _login.TokenAsync(refused, (path, question, ct) => _http.AskAsync(member, path, question, null, AttemptTimeout, ct), cancellationToken);
                refused = token;
                T reply = await ask(token);
                Endpoints.Succeeded(member);
                return reply;
            }
            catch (EtcdException e) when (e.Failure == EtcdFailure.LoginNeeded && _login.IsNeeded && logins == 0)
            {
                // The token ran out: once more, with a new one.
            }
            catch (EtcdException e) when (e.Failure is EtcdFailure.NotSent or EtcdFailure.Unknown)
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // this may be a thread that serves traffic
                Endpoints.Failed(member);
                throw;
            }
        }
    }
}
