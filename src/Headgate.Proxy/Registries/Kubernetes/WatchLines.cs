using System.Net.Http;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>Reads the lines of an answer that goes on, as they come. One reader.</summary>
/// <param name="stream">The answer's body.</param>
/// <param name="terms">Limits.</param>
/// <param name="time">Clock of the silence.</param>
internal sealed class WatchLines(Stream stream, KubernetesTerms terms, TimeProvider time)
{
    private byte[] _buffer = new byte[16 * 1024];
    private int _begin;
    private int _searched;
    private int _end;

    /// <summary>Whether the lines ended because nothing came.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>The next line without its end, good until the next call; null when there is no more, or nothing came for too long. A line that breaks off is none.</summary>
    /// <exception cref="RegistryException">The line is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_begin, _searched + end - _begin);
                _begin = _searched = _searched + end + 1;
                return line;
            }

            _searched = _end;
            MakeRoom();
            int read = await ReceiveAsync(cancellationToken);
            if (read == 0)
                return null;
            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
            return;
        int length = _end - _begin;
        if (length >= terms.LineBytesMax)
            throw new RegistryException($"a watch brought a line of more than {terms.LineBytesMax} bytes");
        byte[] larger = length > _buffer.Length / 2 ? new byte[Math.Min(terms.LineBytesMax, _buffer.Length * 2)] : _buffer;
        Buffer.BlockCopy(_buffer, _begin, larger, 0, length);
        (_buffer, _begin, _searched, _end) = (larger, 0, _searched - _begin, length);
    }

    private async Task<int> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(terms.WatchSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        int read = 0;
        try
        {
            read = await stream.ReadAsync(_buffer.AsMemory(_end), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            IsSilent = true;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Broken off, as connections are: what is missing is asked for from where this was.
        }

        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // what follows is long, and this may be an I/O thread
        return read;
    }
}
