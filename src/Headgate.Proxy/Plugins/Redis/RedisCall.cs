using System.Threading.Tasks.Sources;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>
/// A script that a request's flow waits for. The flow goes on where it waited: on its event loop, by that loop's mailbox, or on the thread pool where there are no loops. From a pool
/// of its lane's: awaited exactly once.
/// </summary>
internal sealed class RedisCall(RedisLane lane) : IValueTaskSource<RedisAnswer>, IThreadPoolWorkItem
{
    private const int Pending = 0;
    private const int Awaited = 1;
    private const int Done = 2;

    private byte[] _key = new byte[320];
    private int _keyLength;
    private long _first;
    private long _second;
    private RedisScript _script = null!;
    private RedisAnswer _answer;
    private int _state;

    // Written by the flow before it waits, read by whoever ends the wait: the state passes them on.
    private Action<object?>? _continuation;
    private object? _continuationState;
    private SynchronizationContext? _context;

    /// <summary>Goes up with every use.</summary>
    public short Version { get; private set; }

    /// <summary>When it was asked for, as the lane's clock says.</summary>
    public long BegunAt { get; private set; }

    /// <summary>Whether the script is sent itself, because the server does not have it.</summary>
    public bool SendsScript { get; set; }

    /// <summary>A flow asks for it.</summary>
    public void Begin(RedisScript script, ReadOnlySpan<byte> key, long first, long second, long now)
    {
        if (_key.Length < key.Length)
            _key = new byte[key.Length];
        key.CopyTo(_key);
        (_script, _keyLength, _first, _second, BegunAt, SendsScript, _state) = (script, key.Length, first, second, now, false, Pending);
    }

    /// <summary>The command.</summary>
    public void WriteTo(RespWriter writer)
    {
        writer.Begin(6);
        writer.Add(SendsScript ? "EVAL"u8 : "EVALSHA"u8);
        writer.Add(SendsScript ? _script.Text : _script.Digest);
        writer.Add(1);
        writer.Add(_key.AsSpan(0, _keyLength));
        writer.Add(_first);
        writer.Add(_second);
    }

    /// <summary>Something came of it: the flow goes on. Once; any thread.</summary>
    public void Complete(RedisAnswer answer)
    {
        _answer = answer;
        if (Interlocked.Exchange(ref _state, Done) != Awaited)
            return;
        if (_context is { } loop)
#pragma warning disable VSTHRD001 // An event loop's context: it posts to the loop's mailbox, and nobody waits.
            loop.Post(static self => ((RedisCall)self!).RunFlow(), this);
#pragma warning restore VSTHRD001
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => RunFlow();

    /// <inheritdoc/>
    RedisAnswer IValueTaskSource<RedisAnswer>.GetResult(short token)
    {
        RedisAnswer answer = _answer;
        Version++;
        lane.TakeBack(this);
        return answer;
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<RedisAnswer>.GetStatus(short token) => Volatile.Read(ref _state) == Done ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    /// <inheritdoc/>
    void IValueTaskSource<RedisAnswer>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        (_continuation, _continuationState, _context) = (continuation, state, SynchronizationContext.Current);
        if (Interlocked.CompareExchange(ref _state, Awaited, Pending) == Done)
            RunFlow();
    }

    private void RunFlow()
    {
        (Action<object?> continuation, object? state) = (_continuation!, _continuationState);
        (_continuation, _continuationState, _context) = (null, null, null);
        continuation(state);
    }
}
