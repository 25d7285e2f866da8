namespace Headgate.Proxy.Restart;

/// <summary>How nodes are remembered over a restart.</summary>
/// <param name="File">Path of the state file, in a folder that this process holds.</param>
/// <param name="VerdictAgeMax">A health, a latency, an ejection or a slow start written longer ago is not taken; 0 = none is. Timelines always are.</param>
/// <param name="KeepsHealth">Whether health is taken over: not when nothing checks it, for then nothing would find a node healthy again.</param>
public sealed record NodeKeeperOptions(string File, TimeSpan VerdictAgeMax, bool KeepsHealth)
{
    /// <summary>
    /// Bytes of the file, about; default 32 MiB. Beyond half of it only the latest entry of a timeline is written; what does not fit is not kept, the nodes first that
    /// nothing happened to for longest.
    /// </summary>
    public int FileBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Name of the state file in the data folder.</summary>
    public const string FileName = "nodes.json";

    /// <summary>Default of <see cref="VerdictAgeMax"/>: as long as a node that leaves its upstream is remembered.</summary>
    public static TimeSpan DefaultVerdictAgeMax { get; } = TimeSpan.FromMinutes(10);
}
