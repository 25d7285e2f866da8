namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>How values stand in a line. Source: nginx, the <c>escape</c> parameter of <c>log_format</c>.</summary>
public enum LogEscape
{
    /// <summary>Quotes, backslashes, control characters and all that is not ASCII as <c>\xXX</c>; a value that is not there as a dash.</summary>
    Default,

    /// <summary>As JSON escapes texts; a value that is not there is empty.</summary>
    Json,

    /// <summary>As they are, but for line feeds and carriage returns; a value that is not there is empty.</summary>
    None,
}
