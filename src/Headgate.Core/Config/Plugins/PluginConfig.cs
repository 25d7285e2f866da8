namespace Headgate.Core.Config.Plugins;

/// <summary>
/// The configuration of one plugin as a user wrote it, typed. Each plugin has a record of its own. Equal records mean equal behaviour: a plugin whose configuration an
/// edit leaves equal goes on with what it has counted and learnt.
/// </summary>
public abstract record PluginConfig;
