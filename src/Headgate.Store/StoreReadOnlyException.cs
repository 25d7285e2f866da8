namespace Headgate.Store;

/// <summary>There is no store that could be written; the message says why, and what to do instead.</summary>
public sealed class StoreReadOnlyException : Exception
{
    /// <summary>Makes the exception.</summary>
    public StoreReadOnlyException(string message)
        : base(message)
    {
    }
}
