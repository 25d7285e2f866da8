namespace Headgate.CommandLine.Configuration.Planning;

/// <summary>What is to be done with an object.</summary>
internal enum PlannedAction
{
    /// <summary>It is in a file and not in the gateway.</summary>
    Create,

    /// <summary>It is in both, and differs.</summary>
    Update,

    /// <summary>It is in the gateway and in no file.</summary>
    Delete,
}
