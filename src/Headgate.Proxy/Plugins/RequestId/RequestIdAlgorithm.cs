namespace Headgate.Proxy.Plugins.RequestId;

/// <summary>How an id is made.</summary>
public enum RequestIdAlgorithm
{
    /// <summary><c>uuid</c>: a random UUID (RFC 9562 version 4).</summary>
    Uuid,

    /// <summary><c>uuidv7</c>: a UUID that begins with the time (version 7).</summary>
    UuidV7,

    /// <summary><c>nanoid</c>: 21 characters of the URL alphabet.</summary>
    NanoId,

    /// <summary><c>range_id</c>: as many characters as wanted, of those wanted.</summary>
    RangeId,
}
