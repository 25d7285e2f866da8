using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Plugins;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>Reads configurations of the plugins that come with the gateway.</summary>
internal static class PluginConfigs
{
    private static readonly PluginCatalog Catalog = new(PluginKinds.All);

    /// <summary>The configuration is refused with this text behind the words that lead to the plugin.</summary>
    public static void ShouldRefuse(string plugin, string config, string text)
    {
        Parse(plugin, config, out ConfigErrors errors).ShouldBeNull();
        errors.Errors.Select(error => error.Message).ShouldContain(message => message.Contains(text), string.Join("\n", errors.Errors.Select(error => error.Message)));
    }

    /// <summary>The plugin's metadata is refused with this text.</summary>
    public static void ShouldRefuseMetadata(string plugin, string metadata, string text)
    {
        var errors = new ConfigErrors();
        using JsonDocument document = JsonDocument.Parse(metadata);
        ConfigParser.ParsePluginMetadata(plugin, document.RootElement, errors, Catalog).ShouldBeNull();
        errors.Errors.ShouldHaveSingleItem().Message.ShouldContain(text);
    }

    /// <summary>The configuration as read; it must be right.</summary>
    public static PluginConfig Read(string plugin, string config)
    {
        RouteConfig? route = Parse(plugin, config, out ConfigErrors errors);
        errors.Errors.ShouldBeEmpty();
        return route!.Plugins[0].Config;
    }

    /// <summary>What a credential carries is refused with this text.</summary>
    public static void ShouldRefuseCredential(string plugin, string credential, string text)
    {
        ParseCredential(plugin, credential, out ConfigErrors errors).ShouldBeNull();
        errors.Errors.Select(error => error.Message).ShouldContain(message => message.Contains(text), string.Join("\n", errors.Errors.Select(error => error.Message)));
    }

    /// <summary>What a credential carries, as read; it must be right.</summary>
    public static PluginConfig ReadCredential(string plugin, string credential, out IReadOnlyList<ConfigError> warnings)
    {
        CredentialConfig? config = ParseCredential(plugin, credential, out ConfigErrors errors);
        errors.Errors.ShouldBeEmpty();
        warnings = errors.Warnings;
        return config!.Plugin.Config;
    }

    private static CredentialConfig? ParseCredential(string plugin, string credential, out ConfigErrors errors)
    {
        errors = new ConfigErrors();
        using JsonDocument document = JsonDocument.Parse($$$$"""{"plugins":{"{{{{plugin}}}}":{{{{credential}}}}}}""");
        return ConfigParser.ParseCredential("jack/credentials/1", document.RootElement, errors, Catalog);
    }

    private static RouteConfig? Parse(string plugin, string config, out ConfigErrors errors)
    {
        errors = new ConfigErrors();
        using JsonDocument document = JsonDocument.Parse($$$$"""{"uri":"/a","upstream_id":"u","plugins":{"{{{{plugin}}}}":{{{{config}}}}}}""");
        return ConfigParser.ParseRoute("r", document.RootElement, errors, Catalog);
    }
}
