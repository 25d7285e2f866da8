namespace Headgate.Proxy.Http1;

/// <summary>What the known fields of one head said, collected while its lines are read.</summary>
internal struct FieldFacts
{
    /// <summary>Nothing said yet.</summary>
    public FieldFacts()
    {
    }

    /// <summary>Index of the Host field; −1 = none.</summary>
    internal int Host = -1;

    /// <summary>Value of Content-Length; −1 = none.</summary>
    internal long ContentLength = -1;

    /// <summary>Transfer-Encoding: chunked.</summary>
    internal bool Chunked;

    /// <summary>Connection: close.</summary>
    internal bool Close;

    /// <summary>Connection: keep-alive.</summary>
    internal bool KeepAlive;

    /// <summary>Connection: upgrade.</summary>
    internal bool ConnectionUpgrade;

    /// <summary>Connection names something else: a field to be marked, perhaps.</summary>
    internal bool NamesFields;

    /// <summary>Elements of all Connection fields so far.</summary>
    internal int ConnectionElements;

    /// <summary>Index of the Upgrade field; −1 = none, −2 = several.</summary>
    internal int Upgrade = -1;

    /// <summary>Expect: 100-continue.</summary>
    internal bool ExpectContinue;
}
