using System.Security.Cryptography;
using Headgate.Store.Documents;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Yaml;

/// <summary>
/// A configuration in one file, <c>apisix.yaml</c> or <c>apisix.json</c>, that is read again when it changes: looked at four times a second (APISIX: once), by what the
/// kernel notes of it, so that writing in place, moving another file into place and links that are turned elsewhere are all seen. Objects whose bytes are the same keep
/// their revisions, which are counted here. A file that cannot be used leaves what was read before in service, and is logged once; one bad object stops no other.
/// Nothing can be written through it. A new file that is bad is logged only when it stays so for a second: it may be on its way.
/// </summary>
public sealed class YamlSource : IConfigSource
{
    private const int ProblemsLoggedMax = 100;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a file has to be as it is before it is believed: the kernel's clock moves in steps, and two writes may fall into one.</summary>
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly YamlSourceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WatchedEntries _entries;
    private readonly Task _loop;

    // Written by the loop alone, after the constructor.
    private FileStamp? _stamp;
    private byte[]? _digest;
    private long _failedSince;
    private bool _failureLogged;
    private IReadOnlyList<string> _problems = [];

    // Written by the loop, read by callers.
    private volatile string? _failure;
    private volatile bool _loaded;
    private bool _disposed;

    /// <summary>Reads the file, and follows it until disposed of. A file that cannot be used is no error here: <see cref="GetAsync"/> says so until it can.</summary>
    /// <param name="options">Which file.</param>
    /// <param name="time">Clock of the looks.</param>
    /// <param name="logger">Where changes of the file are written.</param>
    public YamlSource(YamlSourceOptions options, TimeProvider time, ILogger<YamlSource> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time, _logger) = (options, time, logger);
        _entries = new WatchedEntries(options.RevisionBefore);
        Look();
        _loop = FollowAsync(_stopping.Token);
    }

    /// <inheritdoc/>
    public ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _loaded ? ValueTask.FromResult(_entries.Get(prefix)) : throw Unavailable();
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterRevision);
        return _loaded ? _entries.WatchAsync(prefix, afterRevision, cancellationToken) : throw Unavailable();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        _entries.Dispose();
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private StoreUnavailableException Unavailable() => new($"The configuration file {_options.Path} cannot be used: {_failure}");

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // disposed of
        }
    }

    private void Look()
    {
        try
        {
            FileStamp stamp = FileStamp.Of(_options.Path);
            if (stamp != _stamp)
                Read(stamp);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            (_stamp, _digest) = (null, null);
            Fail(e.Message);
        }

        if (_failure is { } reason && !_failureLogged && _time.GetElapsedTime(_failedSince) >= SettleTime)
        {
            YamlLog.FileNotUsable(_logger, _options.Path, reason);
            _failureLogged = true;
        }
    }

    private void Read(FileStamp stamp)
    {
        if (stamp.Bytes > YamlFile.BytesMax)
            throw new IOException($"it has {stamp.Bytes} bytes, and at most {YamlFile.BytesMax} are read");
        byte[] bytes = File.ReadAllBytes(_options.Path);
        _stamp = (_time.GetUtcNow() - stamp.Changed).Duration() > SettleTime ? stamp : null;
        byte[] digest = SHA256.HashData(bytes);
        if (_digest is not null && digest.AsSpan().SequenceEqual(_digest))
            return;
        _digest = digest;
        try
        {
            Take(YamlFile.Parse(_options, bytes));
        }
        catch (DocumentException e)
        {
            Fail(e.Message);
        }
    }

    private void Take(DocumentContent content)
    {
        int changed = _entries.Replace(content.Objects, isFirst: !_loaded);
        _loaded = true;
        _failure = null;
        YamlLog.FileRead(_logger, _options.Path, content.Objects.Count, changed, _entries.Revision);
        foreach (string problem in content.Problems.Except(_problems).Take(ProblemsLoggedMax))
            YamlLog.FileHasProblem(_logger, _options.Path, problem);
        _problems = content.Problems;
    }

    private void Fail(string reason)
    {
        if (_failure == reason)
            return;
        (_failure, _failureLogged, _failedSince) = (reason, false, _time.GetTimestamp());
    }
}
