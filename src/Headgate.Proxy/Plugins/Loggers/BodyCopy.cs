namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>What is kept of the bodies of one request and its answer.</summary>
internal sealed class BodyCopy
{
    /// <summary>Of the request.</summary>
    public CopyingTap Request { get; } = new();

    /// <summary>Of the answer.</summary>
    public CopyingTransform Response { get; } = new();

    /// <summary>Gives the memory back; false when the request's is still written to.</summary>
    public bool TryClear()
    {
        if (Request.IsRunning)
            return false;
        Request.Clear();
        Response.Clear();
        return true;
    }
}
