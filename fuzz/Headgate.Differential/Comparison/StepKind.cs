namespace Headgate.Differential.Comparison;

/// <summary>What a server did.</summary>
internal enum StepKind
{
    /// <summary>It took a whole request.</summary>
    Request,

    /// <summary>It answered with an error of its own.</summary>
    Refused,

    /// <summary>It wanted more bytes and kept the connection open.</summary>
    Waits,

    /// <summary>It closed the connection.</summary>
    Closes,

    /// <summary>It sent something that is no HTTP/1.x.</summary>
    Garbles,

    /// <summary>It left the connection open although the client had finished sending.</summary>
    Hangs,
}
