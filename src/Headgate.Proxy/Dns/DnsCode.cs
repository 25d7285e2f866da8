namespace Headgate.Proxy.Dns;

/// <summary>How a name server answered (RFC 1035 §4.1.1, 6891 §9). Other numbers may come, too.</summary>
internal enum DnsCode
{
    /// <summary>The name exists; a record of the type may be there or not.</summary>
    NoError = 0,

    /// <summary>The server did not understand the question: old ones say it of EDNS.</summary>
    FormatError = 1,

    /// <summary>The server could not find out.</summary>
    ServerFailure = 2,

    /// <summary>The name does not exist, with no type.</summary>
    NoSuchName = 3,

    /// <summary>The server does not do such questions.</summary>
    NotImplemented = 4,

    /// <summary>The server does not want to answer.</summary>
    Refused = 5,

    /// <summary>The server does not know this version of EDNS.</summary>
    BadVersion = 16,
}
