namespace Headgate.Control.OpenApi;

/// <summary>Schemas of answers about plugins.</summary>
internal static class PluginSchemas
{
    /// <summary>All of them, by name.</summary>
    public static (string Name, string Schema)[] All { get; } =
    [
        ("plugin", """{"type":"object","required":["name","version","priority","scopes","encrypt_fields","schema"],"properties":{"name":{"type":"string"},"version":{"type":"string","description":"of the configuration's format"},"priority":{"type":"integer","description":"higher ones run first"},"type":{"enum":["auth"],"description":"it finds out who calls"},"scopes":{"type":"array","description":"where it is of use","items":{"enum":["route","service","plugin_config","global_rule","consumer_group","consumer","credential"]}},"encrypt_fields":{"type":"array","description":"paths of members that are secrets; * stands for every member or item","items":{"type":"string"}},"schema":{"type":"object","description":"JSON schema, draft 7, of the configuration","additionalProperties":true},"consumer_schema":{"type":"object","description":"of what consumers and credentials carry","additionalProperties":true}}}"""),
    ];
}
