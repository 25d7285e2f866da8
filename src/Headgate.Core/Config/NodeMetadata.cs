namespace Headgate.Core.Config;

/// <summary>Looks into nodes' metadata.</summary>
internal static class NodeMetadata
{
    /// <summary>The node's text for <paramref name="key"/>; null when it has none.</summary>
    public static string? Find(NodeConfig node, string key)
    {
        foreach (MetadataEntry entry in node.Metadata.AsSpan())
        {
            if (entry.Key == key)
                return entry.Value;
        }

        return null;
    }
}
