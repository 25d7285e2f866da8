using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.LastGood;

/// <summary>
/// A source that is also there when it cannot be reached at the start: the last configuration that was had from it is kept in a file, and is given out until the source
/// answers for the first time. Then everybody who watches reads anew, and the source is followed. One that fails later is not replaced by the file: who follows it has what
/// it last said. Does not dispose of the source it was given.
/// </summary>
public sealed class LastGoodSource : IConfigSource
{
    /// <summary>How long the first answer of a source is waited for when there is a file to go by.</summary>
    private static readonly TimeSpan FirstAnswerWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryLongest = TimeSpan.FromSeconds(5);

    private readonly IConfigSource _inner;
    private readonly LastGoodFile _file;
    private readonly LastGoodKeeper _keeper;
    private readonly Lazy<LastGoodContent?> _kept;
    private readonly string _prefix;
    private readonly TimeProvider _time;
    private readonly Random _jitter;
    private readonly ILogger _logger;

    // Written by whoever reads first, read by all.
    private volatile bool _answered;
    private volatile LastGoodContent? _served;

    /// <summary>Makes the source; the file is read when it is needed.</summary>
    /// <param name="inner">The source itself; its values as they lie there, secrets encrypted or not.</param>
    /// <param name="file">Where its last configuration is.</param>
    /// <param name="name">Which source it is: the file of another is not used.</param>
    /// <param name="prefix">Below it lies everything that is kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">Spreads the tries of many gateways of one source; used by this alone.</param>
    /// <param name="logger">Where changes of state are written.</param>
    public LastGoodSource(IConfigSource inner, LastGoodFile file, string name, string prefix, TimeProvider time, Random jitter, ILogger<LastGoodSource> logger)
    {
        (_inner, _file, _prefix, _time, _jitter, _logger) = (inner, file, prefix, time, jitter, logger);
        _kept = new Lazy<LastGoodContent?>(() => Read(file, name, logger));
        _keeper = new LastGoodKeeper(file, name, time, logger);
    }

    /// <summary>The configuration that is given out in place of the source's; null = the source's own is. Any thread.</summary>
    public LastGoodContent? Served => _answered ? null : _served;

    /// <summary>The configuration in a file; null when there is none, it is another source's, or it is damaged, which is logged.</summary>
    public static LastGoodContent? Read(LastGoodFile file, string name, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            if (file.Read() is not { } kept)
                return null;
            if (kept.Source == name)
                return kept;
            LastGoodLog.FileOfAnotherSource(logger, file.Path, kept.Source, name);
        }
        catch (InvalidDataException e)
        {
            LastGoodLog.FileSetAside(logger, file.Path, e.Message, ChecksummedFile.SetAside(file.Path));
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken)
    {
        if (_answered)
            return Taken(prefix, await _inner.GetAsync(prefix, cancellationToken));
        using var bound = new CancellationTokenSource(FirstAnswerWait, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            return Taken(prefix, await _inner.GetAsync(prefix, both.Token));
        }
        catch (StoreUnavailableException e) when (_kept.Value is not null)
        {
            return Kept(prefix, _kept.Value, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (_kept.Value is { } kept)
                return Kept(prefix, kept, $"no answer within {FirstAnswerWait.TotalSeconds:0} s");
        }

        return Taken(prefix, await _inner.GetAsync(prefix, cancellationToken)); // nothing to go by: it may take its time
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_answered)
        {
            await WaitForSourceAsync(cancellationToken);
            yield return StoreRevision.Gap;
            yield break;
        }

        await foreach (StoreRevision revision in _inner.WatchAsync(prefix, afterRevision, cancellationToken))
        {
            if (prefix == _prefix && revision.Changes.Count > 0)
                _keeper.Take(revision);
            yield return revision;
        }
    }

    /// <summary>Writes the file a last time. The source is left to whoever made it.</summary>
    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    private StoreView Taken(string prefix, StoreView view)
    {
        if (prefix != _prefix)
            return view;
        _keeper.Take(view);
        if (!_answered && _served is not null)
            LastGoodLog.SourceIsBack(_logger, view.Revision);
        _answered = true;
        _served = null;
        return view;
    }

    private StoreView Kept(string prefix, LastGoodContent kept, string reason)
    {
        if (Interlocked.Exchange(ref _served, kept) is null)
            LastGoodLog.Served(_logger, _file.Path, kept.Revision, kept.Written, reason);
        return new StoreView(kept.Revision, [.. kept.Entries.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))]);
    }

    /// <summary>Asks for little, until there is an answer.</summary>
    private async Task WaitForSourceAsync(CancellationToken cancellationToken)
    {
        TimeSpan delay = RetryFirst;
        while (true)
        {
            await Task.Delay(delay * (0.5 + (_jitter.NextDouble() / 2)), _time, cancellationToken);
            delay = delay * 2 < RetryLongest ? delay * 2 : RetryLongest;
            try
            {
                await _inner.GetAsync(_prefix + "-", cancellationToken);
                return;
            }
            catch (StoreUnavailableException)
            {
                // the file serves on
            }
        }
    }
}
