using Headgate.Core.Config;

namespace Headgate.Control.AdminApi.Schemas;

/// <summary>The schemas that clients may ask for by name, for forms and editors: <see cref="ConfigSchemas"/>, which is tested against the parser.</summary>
internal static class SchemaCatalog
{
    private static readonly IReadOnlyList<ResourceKind> Kinds = ResourceKinds.Apisix;

    /// <summary>Names that have a schema.</summary>
    public static IEnumerable<string> Names => Kinds.Select(kind => kind.SchemaName()).Order(StringComparer.Ordinal);

    /// <summary>The schema of <c>upstream</c>, <c>plugin_config</c> and so on; null for a name that has none.</summary>
    public static ReadOnlyMemory<byte>? Find(string name)
    {
        foreach (ResourceKind kind in Kinds)
        {
            if (kind.SchemaName() == name)
                return ConfigSchemas.Get(kind);
        }

        return null;
    }
}
