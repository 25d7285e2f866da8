namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>zone_aware</c>; what it leaves out has <see cref="ZoneAwareConfig.Default"/>'s value.</summary>
internal static class ZoneAwareReader
{
    /// <summary>Null when there is none.</summary>
    public static ZoneAwareConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("zone_aware") is not { } reader)
            return null;

        ZoneAwareConfig zone = ZoneAwareConfig.Default;
        zone = new ZoneAwareConfig(reader.Integer("min_percent", 1, 100) ?? zone.MinPercent, reader.Integer("min_size", 1) ?? zone.MinSize);
        reader.ForbidOthers();
        return zone;
    }

    /// <summary>Without a zone on any node there is nothing to prefer.</summary>
    public static void CheckEffect(ObjectReader upstream, UpstreamConfig config)
    {
        if (config.ZoneAware is null || config.Nodes.Count == 0 || config.Nodes.Items.Any(static node => NodeMetadata.Find(node, ZoneAwareConfig.MetadataKey) is not null))
            return;
        Location at = upstream.At.Property("zone_aware");
        upstream.Findings.Add(Phase.Own, at, $"{at.Path} has no effect: no node has metadata.{ZoneAwareConfig.MetadataKey}");
    }
}
