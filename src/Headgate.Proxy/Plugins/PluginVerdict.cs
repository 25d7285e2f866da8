namespace Headgate.Proxy.Plugins;

/// <summary>What a plugin has decided about a request.</summary>
public enum PluginVerdict
{
    /// <summary>It goes on.</summary>
    Continue,

    /// <summary>The plugin has answered it (<see cref="PluginContext.Answer(int)"/>): no further plugin decides, and no node is asked.</summary>
    Answered,
}
