namespace Headgate.Store;

/// <summary>The store cannot be read or written now, or is damaged, or is held by another process; the message says which, where and what to do.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    public StoreUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
