using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Headgate.Proxy.Registries;

/// <summary>
/// Reads a registry as a whole, once for all services that are followed, for registries that tell of all services at once. It reads while somebody follows. When reading fails, every
/// follower fails, and the next one begins a new reading from the start. Thread-safe.
/// </summary>
/// <param name="read">
/// Reads until cancelled and keeps what it learns where followers find it: says <see cref="RegistryReading.AnnounceAll"/> when that is complete, and which services have changed from then on.
/// </param>
internal sealed class RegistryFeed(Func<RegistryReading, CancellationToken, Task> read) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private RegistryReading? _reading;
    private Task _running = Task.CompletedTask;

    /// <summary>What <paramref name="answer"/> finds, at once when the registry is known as a whole, and again whenever the service may have changed.</summary>
    public async IAsyncEnumerable<T> FollowAsync<T>(string service, Func<T> answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        RegistryReading reading = Join(service, changes.Writer);
        try
        {
            await foreach (bool _ in changes.Reader.ReadAllAsync(cancellationToken))
                yield return answer();
        }
        finally
        {
            Leave(reading, service, changes.Writer);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            _reading?.Stop();
            (_reading, running) = (null, _running);
        }

        await running;
    }

    private RegistryReading Join(string service, ChannelWriter<bool> follower)
    {
        lock (_gate)
        {
            if (_reading is null)
            {
                _reading = new RegistryReading();
                _running = RunAsync(_reading, _running);
            }

            _reading.Add(service, follower);
            return _reading;
        }
    }

    private void Leave(RegistryReading reading, string service, ChannelWriter<bool> follower)
    {
        lock (_gate)
        {
            if (!reading.Remove(service, follower))
                return;
            reading.Stop();
            if (_reading == reading)
                _reading = null;
        }
    }

    private async Task RunAsync(RegistryReading reading, Task before)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // whoever follows first holds the lock
        await before;
        Exception? failure = null;
        try
        {
            await read(reading, reading.Stopping);
        }
        catch (OperationCanceledException) when (reading.Stopping.IsCancellationRequested)
        {
            // nobody follows any more
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (_gate)
        {
            if (_reading == reading)
                _reading = null;
        }

        reading.End(failure);
        reading.Dispose();
    }
}
