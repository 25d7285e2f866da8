using System.Collections.Concurrent;
using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Embedded;

/// <summary>A few connections that read, opened when first needed. A read never waits for a commit, nor a commit for a read (write-ahead log).</summary>
internal sealed class ReadPool(string path) : IAsyncDisposable
{
    private const int ConnectionsMax = 4;

    private readonly SemaphoreSlim _free = new(ConnectionsMax);
    private readonly ConcurrentStack<ReadConnection> _idle = new();
    private volatile bool _disposed;

    /// <summary>Runs <paramref name="read"/> with a connection, on a thread of the pool.</summary>
    /// <exception cref="StoreUnavailableException">SQLite reported an error.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public async ValueTask<TResult> ReadAsync<TArgument, TResult>(
        Func<ReadConnection, TArgument, TResult> read, TArgument argument, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(EmbeddedStore));
        await _free.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(EmbeddedStore));
            if (!Thread.CurrentThread.IsThreadPoolThread)
            {
                // Threads that serve traffic are not the pool's: reading a file must not hold one up.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            return Read(read, argument);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads that run and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        for (int i = 0; i < ConnectionsMax; i++)
        {
            await _free.WaitAsync();
        }

        while (_idle.TryPop(out ReadConnection? connection))
        {
            connection.Dispose();
        }

        // Late callers, who passed the first look at _disposed, then find out at the second.
        _free.Release(ConnectionsMax);
    }

    private TResult Read<TArgument, TResult>(Func<ReadConnection, TArgument, TResult> read, TArgument argument)
    {
        ReadConnection? connection = null;
        try
        {
            if (!_idle.TryPop(out connection))
            {
                connection = new ReadConnection(path);
            }

            TResult result = read(connection, argument);
            _idle.Push(connection);
            return result;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw StoreFailure.OfRead(path, e);
        }
    }
}
