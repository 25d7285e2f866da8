namespace Headgate.CommandLine;

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or stopped as asked.</summary>
    public const int Ok = 0;

    /// <summary>The configuration or the command line has errors; nothing was started.</summary>
    public const int ConfigurationError = 1;

    /// <summary>The configuration is good, and the gateway cannot start all the same: a port in use, a damaged store.</summary>
    public const int CannotStart = 2;

    /// <summary>The running gateway was asked and refused.</summary>
    public const int Refused = 3;

    /// <summary>No gateway answered.</summary>
    public const int Unreachable = 4;
}
