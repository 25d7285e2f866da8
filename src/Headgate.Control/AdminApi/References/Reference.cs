namespace Headgate.Control.AdminApi.References;

/// <summary>One object naming another.</summary>
/// <param name="Path">Member that names it: <c>upstream_id</c>.</param>
/// <param name="TargetKey">Store key of what is named.</param>
/// <param name="TargetKind">What the target is called in texts: <c>upstream</c>.</param>
/// <param name="ByPlugin">Whether a plugin's configuration names it.</param>
internal sealed record Reference(string Path, string TargetKey, string TargetKind, bool ByPlugin = false)
{
    public string TargetId => TargetKey[(TargetKey.LastIndexOf('/') + 1)..];

    /// <summary>What a client is told when the target does not exist.</summary>
    public string Missing => TargetKind == "consumer" ? "consumer not found" : $"failed to fetch {TargetKind} info by {TargetKind} id [{TargetId}], response code: 404";
}
