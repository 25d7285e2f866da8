namespace Headgate.Proxy.Plugins;

/// <summary>
/// A configured plugin that runs: one instance for each place where it is configured, made when the configuration changes and shared by all requests there, on several threads
/// at once. What it counts lives as long as its configuration stays equal.
/// <para>
/// It runs on threads that serve traffic: nothing blocks, and nothing is allocated in the usual case. Who must wait returns a task that is not complete; the request goes on when it
/// is, on the thread it belongs to. An exception is a mistake of the plugin's: it is logged with the plugin's name and the request answered 500.
/// </para>
/// </summary>
public abstract class Plugin
{
    /// <summary>Where it is called; the others are never.</summary>
    public abstract PluginPhases Phases { get; }

    /// <summary>Whether it looks at <see cref="PluginContext.Trace"/>, which is kept for those requests only.</summary>
    internal virtual bool Traces => false;

    /// <summary>
    /// Before any request: <paramref name="earlier"/>, of the same kind, was configured here until now, and requests that are under way still end with it. Takes over what is as true
    /// with the new configuration; nothing unless overridden, as what is counted begins anew with a changed configuration.
    /// </summary>
    public virtual void ContinueFrom(Plugin earlier)
    {
    }

    /// <summary>At <see cref="PluginPhases.Rewrite"/>.</summary>
    public virtual ValueTask<PluginVerdict> RewriteAsync(PluginContext context) => default;

    /// <summary>At <see cref="PluginPhases.Access"/>.</summary>
    public virtual ValueTask<PluginVerdict> AccessAsync(PluginContext context) => default;

    /// <summary>At <see cref="PluginPhases.BeforeProxy"/>.</summary>
    public virtual ValueTask<PluginVerdict> BeforeProxyAsync(PluginContext context) => default;

    /// <summary>At <see cref="PluginPhases.ResponseHead"/>: <see cref="PluginContext.Response"/> says what it is and takes changes.</summary>
    public virtual void OnResponseHead(PluginContext context)
    {
    }

    /// <summary>At <see cref="PluginPhases.ResponseBody"/>: the head is as plugins have made it, and whoever encodes bodies offers to.</summary>
    public virtual void OnResponseBody(PluginContext context)
    {
    }

    /// <summary>At <see cref="PluginPhases.End"/>. Also called when <see cref="AccessAsync"/> was not, because another plugin had answered.</summary>
    public virtual void OnEnd(PluginContext context)
    {
    }
}
