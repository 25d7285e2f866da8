namespace Headgate.Store.Documents;

/// <summary>A document is no configuration: it cannot be parsed, or is not shaped as one. The message says what is wrong, and where.</summary>
public sealed class DocumentException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="line">Line of the document, from 1; 0 = no certain one.</param>
    public DocumentException(string reason, long line = 0)
        : base(line > 0 ? $"line {line}: {reason}" : reason)
    {
    }
}
