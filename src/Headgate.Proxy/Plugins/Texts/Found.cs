namespace Headgate.Proxy.Plugins.Texts;

/// <summary>What the search for a pattern came to.</summary>
internal enum Found
{
    /// <summary>It is not there.</summary>
    No,

    /// <summary>It is there.</summary>
    Yes,

    /// <summary>It took too long to know: who refuses what is found refuses this too.</summary>
    Unknown,
}
