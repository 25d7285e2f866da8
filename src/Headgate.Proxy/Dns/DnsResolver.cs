using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Dns;

/// <summary>
/// Headgate's own resolver: asks name servers for records, follows aliases, keeps answers for as long as they count. Many who ask the same at the same time make one
/// question. It asks recursive servers; it does not walk the tree itself. Thread-safe; for threads that serve no traffic.
/// </summary>
internal sealed class DnsResolver : IAsyncDisposable
{
    private readonly DnsResolverOptions _options;
    private readonly TimeProvider _time;
    private readonly DnsClient _client;
    private readonly WatchedFile<NameServers> _resolvConf;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stop = new();

    // By everybody who asks and by the end of each question: for the time of a dictionary's operation.
    private readonly Lock _lock = new();
    private readonly AnswerCache _answers;
    private readonly Dictionary<DnsQuestion, Task<DnsOutcome>> _underWay = [];

    /// <summary>Makes one; it opens nothing before it is asked.</summary>
    public DnsResolver(DnsResolverOptions options, TimeProvider time, ILogger<DnsResolver> logger)
    {
        _options = options;
        _time = time;
        _client = new DnsClient(time, logger);
        _resolvConf = new WatchedFile<NameServers>(options.ResolvConfPath, ResolvConf.Read, NameServers.Default, time, logger);
        _answers = new AnswerCache(options.AnswersMax, time);
        _slots = new SemaphoreSlim(options.QuestionsMax);
    }

    /// <summary>How it resolves.</summary>
    public DnsResolverOptions Options => _options;

    /// <summary>Answers kept.</summary>
    public int AnswersKept
    {
        get
        {
            lock (_lock)
                return _answers.Count;
        }
    }

    /// <summary>Whom it asks now.</summary>
    public NameServers NameServers
    {
        get
        {
            NameServers read = _resolvConf.Value;
            return _options.Servers.Count == 0 ? read : read with { Servers = _options.Servers };
        }
    }

    /// <summary>
    /// The absolute names that a written one may stand for, in the order to ask in (resolv.conf(5), search and ndots). The next one is to be asked for only after it was
    /// said of the one before that it has nothing, never after an error: else an outage would lead to another host.
    /// </summary>
    /// <exception cref="DnsException">It is no name.</exception>
    public IReadOnlyList<string> Candidates(string written)
    {
        string name = DnsName.Normalize(written);
        NameServers servers = NameServers;
        if (written.EndsWith('.') || !_options.UsesSearch || servers.Search.Count == 0)
            return [name];
        IEnumerable<string> searched = servers.Search.Items.Select(domain => $"{name}.{domain}").Where(candidate => candidate.Length + 2 <= DnsName.WireBytesMax);
        return name.Count(c => c == '.') >= servers.Dots ? [name, .. searched] : [.. searched, name];
    }

    /// <summary>As <see cref="TryAskAsync"/>.</summary>
    /// <exception cref="DnsException">Nobody could tell.</exception>
    /// <exception cref="OperationCanceledException">The asker has given up.</exception>
    public async Task<DnsAnswer> AskAsync(string name, DnsType type, CancellationToken cancellationToken) =>
        (await TryAskAsync(name, type, cancellationToken)).AnswerOrThrow();

    /// <summary>
    /// Asks for the records of an absolute name as <see cref="DnsName.Normalize"/> makes it, within <see cref="DnsResolverOptions.Timeout"/>; aliases are followed.
    /// </summary>
    /// <exception cref="OperationCanceledException">The asker has given up.</exception>
    public async Task<DnsOutcome> TryAskAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        var question = new DnsQuestion(name, type);
        Task<DnsOutcome> outcome;
        lock (_lock)
        {
            if (_answers.Find(question) is { } known)
                return new DnsOutcome(known, null);
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (!_underWay.TryGetValue(question, out outcome!))
                _underWay.Add(question, outcome = FetchAsync(question));
        }

        return await outcome.WaitAsync(cancellationToken);
    }

    /// <summary>Returns when a name server has answered, whatever it said.</summary>
    /// <exception cref="DnsException">None did.</exception>
    public Task TestAsync(CancellationToken cancellationToken) => _client.TestAsync(NameServers, _options.Timeout, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] underWay;
        lock (_lock)
            underWay = [.. _underWay.Values];
        await Task.WhenAll(underWay);
        _slots.Dispose();
        _stop.Dispose();
    }

    /// <summary>Asks for all who want to know. Never throws: who asked may have gone.</summary>
    private async Task<DnsOutcome> FetchAsync(DnsQuestion question)
    {
        // The caller holds the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        DnsOutcome outcome;
        try
        {
            long begin = _time.GetTimestamp();
            if (!await WaitForSlotAsync())
                throw new DnsException($"{question}: {_options.QuestionsMax} other questions were under way for {_options.Timeout.TotalSeconds:0.###} s");
            try
            {
                outcome = new DnsOutcome(await ChaseAsync(question, begin), null);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (DnsException e)
        {
            outcome = new DnsOutcome(null, e);
        }
        catch (Exception e)
        {
            // Whatever it is: a question whose end nobody learns of would never be asked again.
            outcome = new DnsOutcome(null, new DnsException(_stop.IsCancellationRequested ? $"{question}: the resolver has been stopped" : $"{question}: {e.Message}", e));
        }

        lock (_lock)
        {
            _underWay.Remove(question);
            if (outcome.Answer is { } answer)
                _answers.Put(question, answer);
        }

        return outcome;
    }

    private async Task<bool> WaitForSlotAsync()
    {
        if (_slots.Wait(0))
            return true;
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        try
        {
            await _slots.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<DnsAnswer> ChaseAsync(DnsQuestion question, long begin)
    {
        var chain = new AliasChain(question);
        while (true)
        {
            TimeSpan left = _options.Timeout - _time.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero)
                throw new DnsException($"{question}: no answer within {_options.Timeout.TotalSeconds:0.###} s");
            string asked = chain.Name;
            DnsReply reply = await _client.AskAsync(question with { Name = asked }, NameServers, left, _stop.Token);
            List<DnsRecord> found = chain.Follow(reply.Answers);
            if (found.Count > 0)
                return new DnsAnswer(found, NameExists: true, _options.ValidFor ?? Within(chain.TtlSeconds, _options.TtlMax));

            // A server that has followed the aliases itself says of the last name that nothing is there; one that has not leaves that to be asked.
            if (reply.Code == DnsCode.NoSuchName || reply.Zone is not null || chain.Name == asked)
                return new DnsAnswer([], reply.Code == DnsCode.NoError, Within(Math.Min(reply.Zone?.NegativeSeconds ?? 0, chain.TtlSeconds), _options.NegativeTtlMax));
        }
    }

    private TimeSpan Within(int seconds, TimeSpan max)
    {
        var time = TimeSpan.FromSeconds(seconds);
        time = time > max ? max : time;
        return time < _options.TtlMin ? _options.TtlMin : time;
    }
}
