namespace Headgate.Core.Config.Reading;

/// <summary>What holds between the fields of a route.</summary>
internal static class RouteRules
{
    private const string NoTarget =
        "object matches none of the required: [\"plugins\",\"uri\"] or [\"upstream\",\"uri\"] or [\"upstream_id\",\"uri\"] or [\"service_id\",\"uri\"]"
        + " or [\"plugins\",\"uris\"] or [\"upstream\",\"uris\"] or [\"upstream_id\",\"uris\"] or [\"service_id\",\"uris\"]"
        + " or [\"script\",\"uri\"] or [\"script\",\"uris\"]";

    /// <summary>APISIX asks these before the schema, which would say the same less clearly.</summary>
    public static void CheckBeforeSchema(ObjectReader reader)
    {
        OnlyOne(reader, "host", "hosts");
        OnlyOne(reader, "remote_addr", "remote_addrs");
    }

    public static void CheckSchema(ObjectReader reader)
    {
        bool uri = reader.Has("uri");
        if (uri == reader.Has("uris"))
        {
            reader.Findings.Schema(reader.At, uri
                ? "allOf 1 failed: value should match only one schema, but matches both schemas 1 and 2 (give either uri or uris)"
                : "allOf 1 failed: value should match only one schema, but matches none (give uri or uris)");
        }

        if (!reader.Has("plugins") && !reader.Has("upstream") && !reader.Has("upstream_id") && !reader.Has("service_id") && !reader.Has("script"))
            reader.Findings.Schema(reader.At, NoTarget);

        if (reader.Has("upstream") && reader.Has("upstream_id"))
            reader.Findings.Warn(reader.At.Property("upstream"), "upstream has no effect beside upstream_id");
    }

    private static void OnlyOne(ObjectReader reader, string one, string many)
    {
        if (reader.Has(one) && reader.Has(many))
            reader.Findings.Add(Phase.Early, reader.At, $"only one of {one} or {many} is allowed");
    }
}
