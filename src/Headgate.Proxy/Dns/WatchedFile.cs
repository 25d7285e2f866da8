using Headgate.Proxy.Files;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Dns;

/// <summary>
/// A small file of the system and what it says, read anew when it changed, which is looked for once a second at most, when somebody asks. While it cannot be read,
/// what it said last counts. Thread-safe; reads the file on the caller's thread, which must not be one that serves traffic.
/// </summary>
internal sealed class WatchedFile<T>(string path, Func<string, T> read, T initial, TimeProvider time, ILogger logger)
    where T : class
{
    /// <summary>Longest file that is read.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly ChangedFile _file = new(path, BytesMax, time);
    private T _value = initial;
    private long _lookedAt = long.MinValue;
    private bool _isUnreadable;

    /// <summary>What it says now.</summary>
    public T Value
    {
        get
        {
            lock (_lock)
            {
                long now = time.GetTimestamp();
                if (_lookedAt == long.MinValue || time.GetElapsedTime(_lookedAt, now).TotalSeconds >= 1)
                {
                    _lookedAt = now;
                    Look_NeedsLock();
                }

                return _value;
            }
        }
    }

    private void Look_NeedsLock()
    {
        try
        {
            if (_file.ReadIfChanged() is { } bytes)
            {
                using var text = new StreamReader(new MemoryStream(bytes));
                _value = read(text.ReadToEnd());
            }

            _isUnreadable = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isUnreadable)
                DnsLog.FileUnreadable(logger, path, e.Message);
            _isUnreadable = true;
        }
    }
}
