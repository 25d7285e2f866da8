using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;

namespace Headgate.Control.AdminApi.Validation;

/// <summary>Checks one object of any of the kinds that are served.</summary>
internal static class ObjectValidator
{
    /// <summary>All problems of <paramref name="value"/>, which may be any JSON. <paramref name="plugins"/>: those it may carry.</summary>
    public static ConfigErrors Validate(ResourceKind kind, string id, JsonElement value, PluginCatalog plugins)
    {
        ConfigErrors errors = new();
        if (ConfigParser.CheckIsObject(value, errors))
            ConfigParser.Parse(kind, id, value, errors, plugins);
        return errors;
    }
}
