using System.Text.Json;

namespace Headgate.Store.Etcd.Wire;

/// <summary>An open watch: messages of JSON, a line each. One reader.</summary>
internal sealed class EtcdWatchStream(HttpResponseMessage answer, Uri member) : IDisposable
{
    private const int LineBytesMax = 256 * 1024 * 1024;

    private readonly CancellationTokenSource _closing = new();
    private byte[] _buffer = new byte[16 * 1024];
    private int _begin;
    private int _end;
    private Stream? _body;
    private Task<EtcdReply?>? _pending;

    /// <summary>Whose watch it is.</summary>
    public Uri Member { get; } = member;

    /// <summary>
    /// The next message; null = none came within <paramref name="silence"/>, and it is still waited for.
    /// </summary>
    /// <exception cref="EtcdException">The watch has ended.</exception>
    public async Task<EtcdReply?> ReadAsync(TimeSpan silence, TimeProvider time, CancellationToken cancellationToken)
    {
        Task<EtcdReply?> pending = _pending ??= ReadAsync();
        try
        {
            EtcdReply? reply = await pending.WaitAsync(silence, time, cancellationToken);
            _pending = null;
            return reply ?? throw new EtcdException($"{EtcdEndpoints.Name(Member)} has ended the watch", EtcdFailure.Unknown);
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
        {
            throw new EtcdException($"{EtcdEndpoints.Name(Member)}: the watch broke off: {e.Message}", EtcdFailure.Unknown, innerException: e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Cancel();
        answer.Dispose();
        _ = ObserveAsync(_pending);
        _closing.Dispose();
    }

    // The read that nobody waits for any more fails because of the end of its stream.
    private static async Task ObserveAsync(Task? pending) => await (pending ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Null at the end.</summary>
    private async Task<EtcdReply?> ReadAsync()
    {
        CancellationToken closing = _closing.Token;
        _body ??= await answer.Content.ReadAsStreamAsync(closing);
        int searched = _begin;
        while (true)
        {
            int end = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = new ReadOnlyMemory<byte>(_buffer, _begin, searched + end - _begin);
                _begin = searched + end + 1;
                return new EtcdReply(JsonDocument.Parse(line.ToArray()));
            }

            MakeRoom();
            searched = _end;
            int read = await _body.ReadAsync(_buffer.AsMemory(_end), closing);
            if (read == 0)
                return null;
            _end += read;
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // what follows is long, and this may be a thread that serves traffic
        }
    }

    private void MakeRoom()
    {
        if (_begin > 0)
        {
            Buffer.BlockCopy(_buffer, _begin, _buffer, 0, _end - _begin);
            (_begin, _end) = (0, _end - _begin);
        }

        if (_end < _buffer.Length)
            return;
        if (_buffer.Length >= LineBytesMax)
            throw new IOException($"a message of more than {LineBytesMax} bytes");
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
