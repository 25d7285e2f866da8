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

    /// <summary><c>diff</c>: something differs. Shares its number with <see cref="ConfigurationError"/>, for which <c>diff</c> has <see cref="DiffTrouble"/>.</summary>
    public const int Differs = 1;

    /// <summary><c>diff</c>: the files, the settings or the command line have errors, so that nothing can be said.</summary>
    public const int DiffTrouble = 2;

    /// <summary>Not all of what was to be done is done: somebody else has written an object meanwhile, or, of several, one was refused.</summary>
    public const int Partial = 5;

    /// <summary>Nothing was done because nobody said yes.</summary>
    public const int NotConfirmed = 6;
}
