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
        if (!ConfigParser.CheckIsObject(value, errors))
            return errors;
        switch (kind)
        {
            case ResourceKind.Upstream:
                ConfigParser.ParseUpstream(id, value, errors);
                break;
            case ResourceKind.Route:
                ConfigParser.ParseRoute(id, value, errors, plugins);
                break;
            case ResourceKind.Service:
                ConfigParser.ParseService(id, value, errors, plugins);
                break;
            case ResourceKind.Consumer:
                ConfigParser.ParseConsumer(id, value, errors, plugins);
                break;
            case ResourceKind.Credential:
                ConfigParser.ParseCredential(id, value, errors, plugins);
                break;
            case ResourceKind.ConsumerGroup or ResourceKind.PluginConfig or ResourceKind.GlobalRule:
                ConfigParser.ParsePluginSet(kind, id, value, errors, plugins);
                break;
            case ResourceKind.PluginMetadata:
                ConfigParser.ParsePluginMetadata(id, value, errors, plugins);
                break;
            case ResourceKind.Proto:
                ConfigParser.ParseProto(id, value, errors);
                break;
            case ResourceKind.Secret:
                ConfigParser.ParseSecret(id, value, errors);
                break;
            case ResourceKind.Ssl:
                ConfigParser.ParseSsl(id, value, errors);
                break;
        }

        return errors;
    }
}
