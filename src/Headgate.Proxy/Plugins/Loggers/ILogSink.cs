namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>Where entries go. One call at a time; may block no thread that serves traffic, and is called on none.</summary>
internal interface ILogSink
{
    /// <summary>What it is, for the log: <c>http-logger http://127.0.0.1:9/</c>. No secret is in it.</summary>
    string Name { get; }

    /// <summary>Bytes of the first <paramref name="count"/> entries: lines, unless it says otherwise.</summary>
    int LengthOf(ReadOnlySpan<byte> entries, int count)
    {
        int length = 0;
        for (int i = 0; i < count; i++)
            length += entries[length..].IndexOf((byte)'\n') + 1;
        return length;
    }

    /// <summary>No entries are there, and none may come for long: lets go of what it holds. As <see cref="SendAsync"/>, one call at a time.</summary>
    void Rest()
    {
    }

    /// <summary>Sends entries, each with a line feed behind it; null when all arrived, else the reason, and then all are sent again or dropped.</summary>
    ValueTask<string?> SendAsync(ReadOnlyMemory<byte> entries, int count, CancellationToken cancellationToken);
}
